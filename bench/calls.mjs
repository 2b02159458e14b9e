// Measures each tool that answers at once, at so many milliseconds a request and with no copy at hand: its mean, over
// one bare request; and how many sockets the process has open to Habu meanwhile.
// `npm run bench -- calls`. Tools that write are asked for a plan (`dry_run`) or a report.
import * as Fs from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { figure, mean, timed } from "./figures.mjs"
import { sandbox, server, signIn, stateFolder } from "./sandboxed.mjs"

const [latency = 50, rounds = 5] = process.argv.slice(2).map(Number)
const speed = 60
const gate = 8
// Both processes compile what is called often.
const warming = 4
// A survey's copies of one clean room count as new for a minute, everything else for less.
const ageing = 60_000 / speed + 200
const most = 500

const room = { clean_room: "Fizzwell Summer Campaign" }
const settings = {
  name: "Autumn Campaign",
  type: "Hybrid",
  region: "US",
  cloud: "GCP",
  sub_region: "EAST1",
  crowd_size: 25,
  data_decibel: 2
}
const dates = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }
const question = { question: "Campaign reach and sales overlap" }
const tools = [
  ["health_check", {}],
  ["test_connection", {}],
  ["find_resources", { kind: "questions" }],
  ["setup_cleanroom_workspace", { ...settings, partners: ["ada@partner.example"], dry_run: true }],
  ["manage_cleanroom_lifecycle", { ...room, action: "invite", partners: ["ada@partner.example"], dry_run: true }],
  ["deploy_analytics_question", { ...room, questions: ["Sales by Store"], dry_run: true }],
  ["execute_question_workflow", { ...question, parameters: dates, dry_run: true }],
  ["execute_flow_workflow", { flow: "Exposed Buyer Profile", dry_run: true }],
  ["retrieve_and_analyze_results", question],
  ["manage_question_schedules", { question: "Sales by Store" }],
  ["onboard_partner", room],
  ["manage_data_exports", room],
  ["manage_permissions", room],
  ["share_results", question],
  ["monitor_cleanroom_status", room],
  ["monitor_organization_health", {}],
  ["analyze_usage_patterns", {}],
  ["troubleshoot_issues", { question: "Creative Performance" }],
  ["establish_data_connection", {}],
  ["manage_data_integration", {}]
]

/** How many connections to a port a process holds. */
const sockets = (pid, port) => {
  const held = new Set(
    Fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(Fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  )
  return Fs.readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1).map((line) => line.trim().split(/\s+/))
    .filter(([, , remote, state, , , , , , inode]) =>
      remote !== undefined && state === "01" && Number.parseInt(remote.split(":")[1], 16) === port && held.has(inode)
    ).length
}

const habu = await sandbox(["--speed", String(speed), "--rows", "500"])
const state = stateFolder()
const begin = async () => {
  const mcp = await server(habu, { concurrency: gate, speed, state })
  const first = await mcp.call("find_resources", { kind: "clean_rooms" })
  return { mcp, first: first.millis }
}

const firsts = []
const earlier = await begin()
await earlier.mcp.close()
await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
const get = await signIn(habu)
const bare = async () => (await timed(() => get("/cleanrooms?limit=500"))).millis
const requestsTake = []
// Loading, opening the state and reading, the access token being there.
for (let round = 0; round < rounds; round++) {
  requestsTake.push(await bare())
  const { first, mcp } = await begin()
  firsts.push(first)
  await mcp.close()
}
const { mcp } = await begin()
const port = Number(new URL(habu.url).port)
let peak = 0
const watching = setInterval(() => {
  if (Fs.existsSync("/proc/net/tcp")) peak = Math.max(peak, sockets(mcp.pid, port))
}, 25)
try {
  const seen = []
  for (const [tool, args] of tools) {
    const times = []
    let requests = 0
    for (let round = -warming; round < rounds; round++) {
      await sleep(ageing)
      const take = await bare()
      await habu.control("DELETE", "/requests")
      const { millis } = await mcp.call(tool, args)
      if (round >= 0) {
        requestsTake.push(take)
        times.push(millis)
      }
      requests = (await habu.control("GET", "/requests")).length
    }
    seen.push({ tool, requests, millis: mean(times) })
  }
  const against = { what: "one bare fetch", value: mean(requestsTake) }
  figure({ what: `first call, at ${latency} ms a request`, value: mean(firsts), unit: "ms", against })
  for (const { millis, requests, tool } of seen) {
    figure({
      what: `${tool}, ${requests} requests at ${latency} ms`,
      value: millis,
      unit: "ms",
      against,
      aim: { of: "value", most }
    })
  }
  if (peak > 0) {
    figure({
      what: "most sockets at once",
      value: peak,
      unit: "",
      against: { what: "the gate", value: gate },
      aim: { most: 1 }
    })
  }
} finally {
  clearInterval(watching)
  await mcp.close()
  await habu.close()
}
