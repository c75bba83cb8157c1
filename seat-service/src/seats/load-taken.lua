-- Fills a flight's taken seats from the database, unless a newer state is here already, or a newer change has come by.
--
-- KEYS[1]  taken (see lock-seats.lua), KEYS[2]  the newest change that was dropped (see apply-change.lua)
-- ARGV     version, time to live in ms, seat, value, seat, value, ...
-- Returns  1 when filled, 0 when what is here is at least as new or the database has to be read again

local known = redis.call('HGET', KEYS[1], '#version')
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
local dropped = redis.call('GET', KEYS[2])
if dropped and tonumber(dropped) > tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '#version', ARGV[1], unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
