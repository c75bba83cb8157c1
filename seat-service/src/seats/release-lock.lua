-- Gives back the seats that a lock of this user holds, and no others.
--
-- KEYS[1]  locks (see lock-seats.lua)     ARGV  lockId, userId
-- Returns  how many seats were given back that had not expired

local mine = ARGV[1] .. ':' .. ARGV[2] .. ':'
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local released = 0
local raw = redis.call('HGETALL', KEYS[1])
for i = 1, #raw, 2 do
  if string.sub(raw[i + 1], 1, #mine) == mine then
    redis.call('HDEL', KEYS[1], raw[i])
    if tonumber(string.sub(raw[i + 1], #mine + 1)) > now then released = released + 1 end
  end
end
return released
