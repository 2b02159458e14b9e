// Lets agents work for a long time through three processes that share one state, over a sandbox that fails now and
// then, and looks at the end whether a start was lost or doubled, an end told wrongly, or memory or handles grew.
// `npm run soak -- [MINUTES]`, at least 3; ends with 1 on a violation.
import { setTimeout as sleep } from "node:timers/promises"
import { residentMegabytes, sandbox, server, signIn, stateFolder } from "./sandboxed.mjs"

const minutes = Math.max(3, Number(process.argv[2] ?? 60))
const speed = 60
const share = 0.02 / 5
const faults = [
  { kind: "status", operation: "*", status: 500, probability: share },
  { kind: "status", operation: "*", status: 503, probability: share },
  { kind: "reset", operation: "*", probability: share },
  { kind: "lost", operation: "*", probability: share },
  { kind: "delay", operation: "*", millis: 2_000, probability: share }
]
const aims = { heapMegabytes: 25, rssRatio: 1.25, rssMegabytes: 40, handles: 5 }

const dates = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }
// The third always fails.
const questions = [
  { question: "Campaign reach and sales overlap", parameters: dates },
  { question: "Sales by Store" },
  { question: "Loyal Members Contact Sheet" },
  { question: "Members by Tier" }
]
const looks = [
  ["monitor_cleanroom_status", { clean_room: "Fizzwell Summer Campaign" }],
  ["monitor_organization_health", {}],
  ["find_resources", { kind: "clean_rooms" }],
  ["health_check", {}],
  ["troubleshoot_issues", { question: "Loyal Members Contact Sheet" }],
  ["analyze_usage_patterns", {}],
  ["execute_question_workflow", { since: new Date(Date.now() - 60_000).toISOString() }]
]

const habu = await sandbox(["--speed", String(speed), "--rows", "500", "--log-level", "none"])
const state = stateFolder()
const processes = 3
const hosts = await Promise.all(Array.from({ length: processes }, () => server(habu, { probed: true, speed, state })))
let violations = 0
let dead = 0
for (const { died } of hosts) died.catch(() => dead++)

// Every call goes through here: counted, and held back while something is measured.
const seen = new Map()
let open = Promise.resolve()
const calls = { inFlight: 0 }
const internal = []
const ask = async (host, tool, args) => {
  await open
  calls.inFlight++
  try {
    const { error, millis, result } = await host.ask(tool, args)
    const row = seen.get(tool) ?? { times: [], errors: new Map() }
    seen.set(tool, row)
    row.times.push(millis)
    const code = error !== undefined
      ? `PROTOCOL ${error.code}`
      : result.isError
      ? /"code":"(\w+)"/.exec(JSON.stringify(result.structuredContent ?? result.content).replaceAll("\\", ""))?.[1] ??
        "?"
      : undefined
    if (code !== undefined) row.errors.set(code, (row.errors.get(code) ?? 0) + 1)
    if (code === "INTERNAL_FAULT" || code === "?" || code?.startsWith("PROTOCOL")) {
      internal.push(`${tool}: ${JSON.stringify(error ?? result.content).slice(0, 300)}`)
    }
    return result?.structuredContent
  } finally {
    calls.inFlight--
  }
}

let played = 0
let requests = 0
const countRequests = async () => {
  const entries = await habu.control("GET", "/requests")
  await habu.control("DELETE", "/requests")
  requests += entries.length
  played += entries.filter(({ fault }) => fault !== undefined).length
}

const quiet = async (body) => {
  let release = () => undefined
  open = new Promise((resolve) => release = resolve)
  while (calls.inFlight > 0) await sleep(100)
  // What goes on in the background comes to its end.
  await sleep(3_000)
  const answer = await body()
  release()
  open = Promise.resolve()
  return answer
}

const heldByAll = () => Promise.all(hosts.map(({ held }) => held()))

// By key: what was told of each start.
const starts = new Map()
const endAt = Date.now() + minutes * 60_000
const isOver = () => Date.now() >= endAt

const tellStart = async (host, start) => {
  const answer = await ask(host, "execute_question_workflow", {
    ...start.question,
    run_name: start.key,
    idempotency_key: start.key,
    wait_seconds: 0
  })
  if (answer?.run?.id === undefined) return void await sleep(1_000 + 1_000 * Math.random())
  start.run = answer.run.id
  start.questionId = answer.run.question_id
}

const follow = async (host, start) => {
  const { run } = await ask(host, "execute_question_workflow", {
    run: start.run,
    question: start.questionId,
    wait_seconds: 10
  }) ?? {}
  if (run?.phase === "completed" || run?.phase === "failed") start.phase = run.phase
  else await sleep(1_000)
}

const any = (list) => list[Math.floor(Math.random() * list.length)]

const starter = async (host, name) => {
  for (let number = 0; !isOver(); number++) {
    const start = { key: `soak-${name}-${number}`, question: any(questions), run: undefined, phase: undefined }
    starts.set(start.key, start)
    while (start.run === undefined && !isOver()) await tellStart(host, start)
    // Another process may follow what this one has started.
    while (start.run !== undefined && start.phase === undefined && !isOver()) await follow(any(hosts), start)
  }
}

const reader = async (host) => {
  while (!isOver()) {
    const { run, questionId } = any([...starts.values()].filter(({ phase }) => phase === "completed")) ?? {}
    if (run !== undefined) {
      const more = any([{}, { sql: "SELECT count(*) AS n FROM results" }, { chart: "auto" }, { compare: true }])
      await ask(host, "retrieve_and_analyze_results", { run, question: questionId, ...more })
    }
    await sleep(1_500)
  }
}

const onlooker = async (host) => {
  while (!isOver()) {
    await ask(host, ...any(looks))
    await sleep(1_000)
  }
}

const counter = async () => {
  while (!isOver()) {
    await sleep(2_000)
    await countRequests()
  }
}

const pages = async (get, questionId) => {
  const size = 100
  const all = []
  for (let offset = 0;; offset += size) {
    const page = await get(`/cleanroom-questions/${questionId}/cleanroom-question-runs?limit=${size}&offset=${offset}`)
    all.push(...page)
    if (page.length < size) return all
  }
}

const rule = (what, wrong, holds = wrong.length === 0) => {
  if (!holds) violations++
  console.log(`${holds ? "✓" : "✗"} ${what}`)
  for (const one of wrong.slice(0, 5)) console.log(`    ${one}`)
}

const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(0)
const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))]

try {
  await Promise.all(hosts.map((host) => host.call("health_check")))
  await habu.control("POST", "/faults", faults)
  const agents = [
    counter(),
    ...hosts.flatMap((host, index) => [
      starter(host, `${index}a`),
      starter(host, `${index}b`),
      starter(host, `${index}c`),
      reader(host),
      onlooker(host)
    ])
  ]
  const early = sleep(Math.max(0.2 * minutes, 1) * 60_000).then(() => quiet(heldByAll))
  await Promise.all(agents)
  const before = await early

  // The faults end, what is in doubt is asked for until it is clear, and every run is followed to its end.
  await countRequests()
  await habu.control("DELETE", "/faults")
  const deadline = Date.now() + 180_000
  await Promise.all([...starts.values()].map(async (start, index) => {
    while (start.run === undefined && Date.now() < deadline) await tellStart(hosts[index % processes], start)
    while (start.run !== undefined && start.phase === undefined && Date.now() < deadline) {
      await follow(hosts[index % processes], start)
    }
  }))
  const after = await quiet(heldByAll)

  // A day on, the sandbox gives an access token to someone who is not habu-mcp.
  await habu.control("POST", "/clock", { advance_seconds: 90_000 })
  const get = await signIn(habu)
  const ids = new Set([...starts.values()].flatMap(({ questionId }) => questionId ?? []))
  const runs = (await Promise.all([...ids].map((id) => pages(get, id)))).flat().filter(({ name }) =>
    name.startsWith("soak-")
  )

  console.log(
    `${minutes} minutes at speed ${speed}, ${processes} processes, ${requests} requests, ${played} of them failed or late`
  )
  console.table(Object.fromEntries(
    [...seen].map(([tool, { errors, times }]) => [tool, {
      calls: times.length,
      "p50 ms": Math.round(quantile(times, 0.5)),
      "p95 ms": Math.round(quantile(times, 0.95)),
      "most ms": Math.round(Math.max(...times)),
      errors: [...errors].map(([code, count]) => `${code} ${count}`).join(", ")
    }])
  ))
  const handlesOf = ({ handles }) => handles.length
  console.table(Object.fromEntries(hosts.map((_, index) => [`process ${index + 1}`, {
    "heap MB": `${megabytes(before[index].heapUsed)} > ${megabytes(after[index].heapUsed)}`,
    "resident MB": `${megabytes(before[index].rss)} > ${megabytes(after[index].rss)}`,
    handles: `${handlesOf(before[index])} > ${handlesOf(after[index])}`
  }])))
  console.log(`the sandbox holds ${residentMegabytes(habu.pid).toFixed(0)} MB`)

  const told = [...starts.values()].filter(({ run }) => run !== undefined)
  const named = (key) => runs.filter(({ name }) => name.startsWith(`${key} #`))
  rule(
    `each of ${told.length} starts told has exactly one run, the one told`,
    told.flatMap(({ key, run }) => {
      const ids = named(key).map(({ id }) => id)
      return ids.length === 1 && ids[0] === run ? [] : [`${key}: told ${run}, there are ${ids.join(", ") || "none"}`]
    })
  )
  rule(
    "no start stayed in doubt",
    [...starts.values()].filter(({ run }) => run === undefined).map(({ key }) => key)
  )
  rule(
    `each of ${runs.length} runs was told`,
    runs.filter(({ id }) => !told.some(({ run }) => run === id)).map(({ id, name }) => `${name} ${id}`)
  )
  rule(
    "each run told ended as told",
    told.flatMap(({ key, phase, run }) => {
      const status = runs.find(({ id }) => id === run)?.status
      return phase?.toUpperCase() === status ? [] : [`${key}: told ${phase}, is ${status}`]
    })
  )
  rule(
    "faults were played, and runs of both ends were told",
    [],
    played > 0 &&
      ["completed", "failed"].every((phase) => told.some((start) => start.phase === phase))
  )
  rule("no fault of habu-mcp's own, no process that died", internal, internal.length === 0 && dead === 0)
  const grown = (of, most) =>
    hosts.flatMap((_, index) => {
      const [from, to] = [of(before[index]), of(after[index])]
      return to <= most(from) ? [] : [`process ${index + 1}: ${from.toFixed(0)} > ${to.toFixed(0)}`]
    })
  rule(
    `the heap has not grown by more than ${aims.heapMegabytes} MB`,
    grown(({ heapUsed }) => heapUsed / 1024 / 1024, (from) => from + aims.heapMegabytes)
  )
  rule(
    `the memory has not grown by more than ${aims.rssMegabytes} MB over ${aims.rssRatio} of what it was`,
    grown(({ rss }) => rss / 1024 / 1024, (from) => from * aims.rssRatio + aims.rssMegabytes)
  )
  rule(`no more than ${aims.handles} handles have come`, grown(handlesOf, (from) => from + aims.handles))
  process.exitCode = violations === 0 ? 0 : 1
} finally {
  await Promise.all(hosts.map(({ close }) => close()))
  await habu.close()
}
