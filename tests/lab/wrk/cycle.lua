-- Cycles through prepared requests: one to a line, path, token and body apart by tabs.
-- Afterwards prints one line for bench/wrk.rs; times are in microseconds.

local requests, last = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, token, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
    requests[#requests + 1] = wrk.format("POST", path, headers, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  local line = "lab %d answers %d us %d refused %d broken %d p50 %d p99\n"
  local p50, p99 = latency:percentile(50), latency:percentile(99)
  io.write(line:format(summary.requests, summary.duration, errors.status, broken, p50, p99))
end
