-- Applies one committed change of a flight's seats. Changes are numbered, and one is applied only on top of the
-- one before it. After a gap nothing here can be trusted, so the seats are dropped and read from the database
-- when they are next needed; that is also what a change that names no seats asks for.
--
-- Whoever reads the database at this moment may have begun before the change was committed. What is dropped here is
-- therefore remembered by its number for a minute, so that an older state cannot be filled in afterwards.
--
-- KEYS[1]  taken, KEYS[2]  locks (see lock-seats.lua), KEYS[3]  the newest change that was dropped
-- ARGV     version, time to remember it in ms, seat, value, ...; an empty value frees the seat
-- Returns  1 when what is here includes the change, 0 when it was dropped or not loaded

local known = redis.call('HGET', KEYS[1], '#version')
local version = tonumber(ARGV[1])

local function drop()
  local newest = tonumber(redis.call('GET', KEYS[3]) or 0)
  redis.call('SET', KEYS[3], math.max(newest, version), 'PX', ARGV[2])
  redis.call('DEL', KEYS[1])
  return 0
end

for i = 3, #ARGV, 2 do
  if ARGV[i + 1] ~= '' then redis.call('HDEL', KEYS[2], ARGV[i]) end
end
if not known then return drop() end
known = tonumber(known)
if version <= known then return 1 end
if version > known + 1 or #ARGV == 2 then return drop() end
redis.call('HSET', KEYS[1], '#version', version)
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
