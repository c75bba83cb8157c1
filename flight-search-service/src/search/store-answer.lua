-- Stores an answer and lists it where those are dropped that a change concerns, unless an answer of that day was made untrue after
-- the one that is to be stored was begun.
-- KEYS: answer, last change of the day, then every list that it belongs to. ARGV: last change known, answer, ms to live,
-- ms for which a list is kept.
if (redis.call('get', KEYS[2]) or '') ~= ARGV[1] then
  return 0
end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
for i = 3, #KEYS do
  redis.call('sadd', KEYS[i], KEYS[1])
  redis.call('pexpire', KEYS[i], ARGV[4])
end
return 1
