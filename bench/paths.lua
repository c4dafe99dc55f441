-- For wrk: asks for the addresses in turn that stand behind `--`, and prints what it measured as JSON.
-- What follows a blank after an address is sent as its Authorization.
local paths, at = {}, 0

function init(args)
  for _, path in ipairs(args) do paths[#paths + 1] = path end
end

function request()
  at = at % #paths + 1
  local path, login = paths[at]:match("^(%S+) ?(.*)$")
  return wrk.format("GET", path, login ~= "" and {Authorization = login} or nil)
end

function done(summary, latency, _requests)
  local errors = summary.errors
  io.write(string.format(
    '{"jobs": %d, "seconds": %f, "p50_ms": %f, "p95_ms": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
