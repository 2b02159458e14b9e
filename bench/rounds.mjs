// Measures whether a tool asks Habu in the fewest rounds: its time over its critical path, the longest chain of requests
// that each need the answer of the one before, at so many milliseconds a request.
// `npm run bench -- rounds`, or after a build `node bench/rounds.mjs [MILLISECONDS] [ROUNDS] [TOOL]`.
//
// A row names a tool, its arguments, its chain and, where there is one, its aim. Each is called some times until both
// processes are warm, and then again and again once all copies have aged, which in the sandbox they do SPEED times
// faster. It is measured with the gate wide open, so that only the chain counts, and with the usual gate of 8, where many
// requests take their turns: that time stands over the larger of the chain's and requests / 8.
import { setTimeout as sleep } from "node:timers/promises"
import { figure, median } from "./figures.mjs"
import { sandbox, server, stateFolder, tokensOf } from "./sandboxed.mjs"

const [latency = 100, rounds = 5] = process.argv.slice(2, 4).map(Number)
const only = process.argv[4]
const gate = 8
const speed = 60
const warming = 8
// A survey's copies of one clean room count as new for a minute, everything else for less.
const ageing = 60_000 / speed + 200

const rows = [
  {
    tool: "monitor_cleanroom_status",
    args: { clean_room: "Back to School 001" },
    chain: ["clean rooms", "questions", "runs of each question"],
    aim: 1.3
  },
  {
    tool: "monitor_organization_health",
    args: { fresh: true },
    chain: ["clean rooms", "questions", "runs of each question"]
  },
  {
    tool: "execute_question_workflow",
    args: { question: "Campaign reach and sales overlap", clean_room: "Back to School 001", dry_run: true },
    chain: ["clean rooms", "questions", "parameters and datasets"]
  },
  { tool: "find_resources", args: { kind: "questions" }, chain: ["clean rooms", "questions", "stakeholders"] },
  { tool: "test_connection", args: {}, chain: ["clean rooms", "stakeholders and users"] }
]

const habu = await sandbox(["--speed", String(speed), "--rows", "500", "--rooms", "1", "--questions", "20"])
const state = stateFolder()

const measure = async ({ args, tool }, concurrency) => {
  const { call, close } = await server(habu, { concurrency, speed, state })
  const seen = []
  try {
    await call(tool, args)
    await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
    for (let round = -warming; round < rounds; round++) {
      await sleep(ageing)
      await habu.control("DELETE", "/requests")
      const { answer, millis } = await call(tool, args)
      const requests = (await habu.control("GET", "/requests")).length
      if (round >= 0) seen.push({ millis, requests, tokens: tokensOf(answer) })
    }
    return seen
  } finally {
    await habu.control("DELETE", "/faults")
    await close()
  }
}

try {
  for (const row of rows.filter(({ tool }) => only === undefined || tool === only)) {
    const open = await measure(row, 500)
    const gated = await measure(row, gate)
    const time = (seen) => median(seen.map(({ millis }) => millis))
    const [{ requests, tokens }] = open
    const chain = row.chain.length * latency
    const asked = `${row.tool}, ${requests} requests at ${latency} ms, ${tokens} tokens`
    figure({
      what: `${asked}, gate open`,
      value: time(open),
      unit: "ms",
      against: { what: `its chain (${row.chain.join(" > ")})`, value: chain },
      ...(row.aim !== undefined && { aim: { most: row.aim } })
    })
    figure({
      what: `${asked}, gate of ${gate}`,
      value: time(gated),
      unit: "ms",
      against: { what: "what it must take", value: Math.max(chain, (requests / gate) * latency) }
    })
  }
} finally {
  await habu.close()
}
