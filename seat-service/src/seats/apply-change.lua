-- Applies one committed change of a flight's seats. Changes are numbered, and one is applied only on top of the
-- one before it. After a gap nothing here can be trusted, so the seats are dropped and read from the database
-- when they are next needed; that is also what a change that names no seats asks for.
--
-- KEYS[1]  taken, KEYS[2]  locks (see lock-seats.lua)     ARGV  version, seat, value, ...; an empty value frees the seat
-- Returns  1 when what is here includes the change, 0 when it was dropped or not loaded

local known = redis.call('HGET', KEYS[1], '#version')
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] ~= '' then redis.call('HDEL', KEYS[2], ARGV[i]) end
end
if not known then return 0 end
known = tonumber(known)
local version = tonumber(ARGV[1])
if version <= known then return 1 end
if version > known + 1 or #ARGV == 1 then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('HSET', KEYS[1], '#version', version)
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
