-- Gives the seats of a lock a later end; all of them, or none when any has expired meanwhile.
--
-- KEYS[1]  locks (see lock-seats.lua)     ARGV  lockId, userId, expiresAtMs, seat...
-- Returns  1 when extended, 0 when the lock is not whole any more

local mine = ARGV[1] .. ':' .. ARGV[2] .. ':'
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for i = 4, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if not value or string.sub(value, 1, #mine) ~= mine or tonumber(string.sub(value, #mine + 1)) <= now then return 0 end
end
for i = 4, #ARGV do
  redis.call('HSET', KEYS[1], ARGV[i], mine .. ARGV[3])
end
if redis.call('PEXPIRETIME', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIREAT', KEYS[1], ARGV[3]) end
return 1
