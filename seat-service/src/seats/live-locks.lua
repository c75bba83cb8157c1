-- The locks of a flight that have not expired.
--
-- KEYS[1]  locks (see lock-seats.lua)
-- Returns  {seat, value, seat, value, ...}

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local live = {}
local raw = redis.call('HGETALL', KEYS[1])
for i = 1, #raw, 2 do
  if tonumber(string.match(raw[i + 1], '(%d+)$')) > now then
    live[#live + 1] = raw[i]
    live[#live + 1] = raw[i + 1]
  end
end
return live
