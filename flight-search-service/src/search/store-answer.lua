-- Stores an answer and lists it where those are dropped that a change concerns, unless an answer of that day was made untrue after
-- the one that is to be stored was begun.
-- KEYS: answer, last change of the day, then every list that it belongs to. ARGV: last change known, answer, ms to live.
if (redis.call('get', KEYS[2]) or '') ~= ARGV[1] then
  return 0
end
local ttl = tonumber(ARGV[3])
redis.call('set', KEYS[1], ARGV[2], 'px', ttl)
-- Read after the answer has its time to live, so that no list takes it for dead before it is.
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 3, #KEYS do
  redis.call('zremrangebyscore', KEYS[i], '-inf', '(' .. now)
  redis.call('zadd', KEYS[i], now + ttl, KEYS[1])
  -- A list lives as long as the last of its answers, which need not be this one.
  if redis.call('pttl', KEYS[i]) < ttl then
    redis.call('pexpire', KEYS[i], ttl)
  end
end
return 1
