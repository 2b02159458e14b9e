// Measures whether a tool asks Habu in the fewest rounds: its time over its critical path, the longest chain of requests
// that each need the answer of the one before, at so many milliseconds a request.
// `npm run bench -- rounds`, or after a build `node bench/rounds.mjs [MILLISECONDS] [ROUNDS] [TOOL]`.
//
// A row names a tool, its arguments, its chain and, where there is one, its aim. Each is called some times until both
// processes are warm, and then again and again once all copies have aged, which in the sandbox they do SPEED times
// faster. It is measured with the gate wide open, so that only the chain counts, and with the usual gate of 8, where many
// requests take their turns: that time stands over the rounds of 8 that those take which are sent together.
import { setTimeout as sleep } from "node:timers/promises"
import { figure, median } from "./figures.mjs"
import { sandbox, server, signIn, stateFolder, tokensOf } from "./sandboxed.mjs"

const [latency = 100, rounds = 5] = process.argv.slice(2, 4).map(Number)
const only = process.argv[4]
const gate = 8
const speed = 60
// Only where there is an aim; elsewhere twice says enough.
const warming = 8
// A survey's copies of one clean room count as new for a minute, mostly, and everything else for less.
const ageing = ({ minutes = 1 }) => minutes * 60_000 / speed + 200

const room = "Back to School 001"
const reach = { question: "Campaign reach and sales overlap", clean_room: room }
const found = ["clean rooms", "questions"]

const rows = [
  {
    tool: "monitor_cleanroom_status",
    args: { clean_room: room },
    chain: [...found, "runs of each question"],
    aim: 1.3
  },
  { tool: "test_connection", args: {}, chain: ["clean rooms", "stakeholders and users"] },
  { tool: "find_resources", args: { kind: "questions" }, chain: [...found, "stakeholders"] },
  { tool: "monitor_organization_health", args: { fresh: true }, chain: [...found, "runs of each question"] },
  {
    tool: "execute_question_workflow",
    args: { ...reach, dry_run: true },
    chain: [...found, "its parameters", "runs with the same"]
  },
  { tool: "retrieve_and_analyze_results", args: reach, chain: [...found, "runs"] },
  { tool: "share_results", args: { ...reach, action: "list" }, chain: [...found, "shares and permissions"] },
  { tool: "manage_permissions", args: { clean_room: room }, chain: [...found, "permissions of each question"] },
  { tool: "onboard_partner", args: { clean_room: room, action: "track" }, chain: [...found, "datasets of each"] },
  {
    tool: "manage_cleanroom_lifecycle",
    args: { clean_room: room, action: "delete", dry_run: true },
    chain: [...found, "runs and schedules of each"]
  },
  {
    tool: "setup_cleanroom_workspace",
    args: {
      name: "Another",
      type: "Hybrid",
      region: "US",
      cloud: "GCP",
      sub_region: "EAST1",
      crowd_size: 25,
      data_decibel: 2,
      dry_run: true
    },
    chain: ["clean rooms", "types"]
  },
  {
    tool: "deploy_analytics_question",
    args: { clean_room: room, questions: ["Sales by Store"], dry_run: true },
    chain: ["clean rooms", "questions of each", "data types"]
  },
  { tool: "manage_question_schedules", args: { ...reach, action: "list" }, chain: [...found, "its schedules"] },
  {
    tool: "analyze_usage_patterns",
    args: { clean_room: room },
    chain: [...found, "runs of each question"],
    minutes: 10
  },
  { tool: "troubleshoot_issues", args: reach, chain: [...found, "runs", "what the latest run tells"] },
  { tool: "health_check", args: {}, chain: ["health"] },
  { tool: "establish_data_connection", args: {}, chain: ["data connections", "data sources"] },
  { tool: "manage_data_integration", args: {}, chain: ["data connections"] },
  { tool: "manage_data_exports", args: {}, chain: ["destinations"] },
  {
    tool: "execute_flow_workflow",
    args: { flow: "Exposed Buyer Profile", action: "describe" },
    chain: ["clean rooms", "flows", "nodes", "decisions"]
  }
]

const habu = await sandbox(["--speed", String(speed), "--rows", "500", "--rooms", "1", "--questions", "20"])
const state = stateFolder()

const measure = async (row, concurrency) => {
  const { aim, args, tool } = row
  const before = aim === undefined ? 2 : warming
  const { call, close } = await server(habu, { concurrency, speed, state })
  const seen = []
  try {
    await call(tool, args)
    await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
    for (let round = -before; round < rounds; round++) {
      await sleep(ageing(row))
      await habu.control("DELETE", "/requests")
      const { answer, millis } = await call(tool, args)
      const requests = await habu.control("GET", "/requests")
      if (round >= 0) seen.push({ millis, requests, tokens: tokensOf(answer) })
    }
    return seen
  } finally {
    await habu.control("DELETE", "/faults")
    await close()
  }
}

// Requests that were sent together; the next were sent once these were answered.
const wavesOf = (requests) => {
  const waves = []
  for (const { path, status, time } of requests) {
    const at = Date.parse(time) / speed
    if (waves.length === 0 || at - waves.at(-1).at > 0.9 * latency) waves.push({ at, paths: [] })
    waves.at(-1).paths.push({ path: path.replace(/^\/v1/, ""), status })
  }
  return waves.map(({ paths }) => paths)
}

// What the sandbox itself takes for such a burst: the same requests by a bare fetch, round after round.
const bare = async (requests) => {
  const waves = wavesOf(requests).map((paths) => paths.filter(({ status }) => status === 200))
  const read = await signIn(habu)
  await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
  const seen = []
  for (let round = -warming; round < rounds; round++) {
    const begun = performance.now()
    for (const paths of waves) await Promise.all(paths.map(({ path }) => read(path)))
    if (round >= 0) seen.push(performance.now() - begun)
  }
  await habu.control("DELETE", "/faults")
  return median(seen)
}

const gatedRounds = (requests) =>
  wavesOf(requests).map(({ length }) => Math.ceil(length / gate)).reduce((sum, rounds) => sum + rounds, 0)

try {
  for (const row of rows.filter(({ tool }) => only === undefined || tool === only)) {
    const open = await measure(row, 500)
    const gated = await measure(row, gate)
    const time = (seen) => median(seen.map(({ millis }) => millis))
    const [{ requests: made, tokens }] = open
    const requests = made.length
    const chain = row.chain.length * latency
    const asked = `${row.tool}, ${requests} requests at ${latency} ms, ${tokens} tokens`
    figure({
      what: `${asked}, gate open`,
      value: time(open),
      unit: "ms",
      against: { what: `its chain (${row.chain.join(" > ")})`, value: chain },
      ...(row.aim !== undefined && { aim: { most: row.aim } })
    })
    if (row.aim !== undefined) {
      const against = { what: "bare fetches of the same in the same rounds", value: await bare(made) }
      figure({ what: `${asked}, gate open`, value: time(open), unit: "ms", against })
    }
    figure({
      what: `${asked}, gate of ${gate}`,
      value: time(gated),
      unit: "ms",
      against: { what: `the same ${gate} at once`, value: gatedRounds(made) * latency }
    })
  }
} finally {
  await habu.close()
}
