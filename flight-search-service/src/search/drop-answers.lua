-- Drops every answer of a day that a change concerns, and marks the day as changed so that none that was begun
-- before is stored. KEYS: last change of the day, then lists of answers. ARGV: name of this change, ms to keep it.
-- Answers share the day's hash tag with the lists, so they lie on the same node of a cluster.
for i = 2, #KEYS do
  for _, answer in ipairs(redis.call('zrange', KEYS[i], 0, -1)) do
    redis.call('unlink', answer)
  end
  redis.call('unlink', KEYS[i])
end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
