-- Drops every answer of a day that shows a flight, and marks the day as changed so that none that was begun
-- before is stored. KEYS: list of the flight, last change of the day. ARGV: name of this change, ms to keep it.
-- Answers share the day's hash tag with the list, so they lie on the same node of a cluster.
local answers = redis.call('smembers', KEYS[1])
for _, answer in ipairs(answers) do
  redis.call('unlink', answer)
end
redis.call('unlink', KEYS[1])
redis.call('set', KEYS[2], ARGV[1], 'px', ARGV[2])
return #answers
