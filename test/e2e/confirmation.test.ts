// Who must agree to what, on every kind of host: one that can ask a person, one that cannot, a pipe and a terminal.
import { describe, expect, it } from "@effect/vitest"
import type { ElicitRequestFormParams, ElicitResult } from "@modelcontextprotocol/sdk/types.js"
import * as Effect from "effect/Effect"
import { spawn, spawnSync } from "node:child_process"
import * as Operations from "../../src/habu/Operations.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

const cleanRoom = "Holiday Planning"

interface Call {
  readonly tool: string
  readonly args: Record<string, unknown>
  // The write that it sends.
  readonly sends: string
}

const raw = (operation: string, args: Record<string, unknown>): Call => ({
  tool: "call_api_operation",
  args: { operation, ...args },
  sends: operation
})

// A call of each grade.
const callsOf = ({ world }: Sandbox.Service) => {
  const cleanroomId = world.cleanRooms.find(({ name }) => name.trim() === cleanRoom)?.id ?? ""
  const [question] = world.cleanRoomQuestions.all()
  return {
    ordinary: raw("updateCleanroomQuestionComputeCapacity", {
      path: { cleanroomQuestionId: question?.id },
      body: { computeCapacity: "LARGE" }
    }),
    outward: raw("addCleanroomPartner", { path: { cleanroomId }, body: { partnerAdminEmail: "ana@fizzwell.example" } }),
    privacy_lowering: raw("addCleanroomUser", {
      path: { cleanroomId },
      body: { email: "elena.duarte@alderpine.example", role: "Viewer" }
    }),
    contractual: raw("upsertBillableConfig", {
      body: { config: { sourceId: cleanroomId, sourceType: "BILLABLE_CR", value: "true" } }
    }),
    destructive: {
      tool: "manage_cleanroom_lifecycle",
      args: { clean_room: cleanRoom, action: "delete" },
      sends: "deleteCleanroom"
    }
  } satisfies { readonly [grade: string]: Call }
}

const writes = (sandbox: Sandbox.Service) =>
  Effect.map(
    sandbox.requests,
    (all) =>
      all.flatMap(({ operation = "token" }) =>
        operation === "token" || Operations.all.get(operation)?.effect === "read" ? [] : [operation]
      )
  )

// What an effect answers, and what it wrote to Habu.
const wrote = <A>(sandbox: Sandbox.Service, effect: Effect.Effect<A>) =>
  Effect.gen(function*() {
    const before = (yield* writes(sandbox)).length
    const answer = yield* effect
    return [answer, (yield* writes(sandbox)).slice(before)] as const
  })

interface Confirmation {
  readonly grade: string
  readonly code?: string
  readonly changes: ReadonlyArray<string>
}

const stack = Effect.gen(function*() {
  const sandbox = yield* Sandbox.make({ speed: 3600, rows: 300 })
  return { sandbox, settings: Host.settingsFor(sandbox, yield* Host.folder), calls: callsOf(sandbox) }
})

const all = ["--toolsets", "all"]
const allowed = ["--allow-destructive", "--allow-contractual"] as const

const confirmationOf = ({ structured }: Host.Reply) => structured?.["confirmation"] as Confirmation | undefined

describe("a host that can ask a person", () => {
  it.live("asks for all but the ordinary, and does what was agreed to and nothing else", () =>
    Effect.gen(function*() {
      const { calls, sandbox, settings } = yield* stack
      const forms: Array<ElicitRequestFormParams> = []
      let answer: ElicitResult = { action: "cancel" }
      const person = (form: ElicitRequestFormParams) => {
        forms.push(form)
        return answer
      }
      const host = yield* Host.start(all, settings, { person })
      const replyTo = (result: ElicitResult, { args, tool }: Call) => {
        answer = result
        return Effect.map(wrote(sandbox, host.call(tool, args)), ([reply, sent]) => ({
          status: reply.structured?.["status"],
          sent
        }))
      }
      expect(yield* replyTo({ action: "decline" }, calls.ordinary)).toEqual({
        status: "done",
        sent: [calls.ordinary.sends]
      })
      expect(forms).toEqual([])

      for (const call of [calls.outward, calls.privacy_lowering, calls.contractual, calls.destructive]) {
        const isTyped = call === calls.destructive
        const agreed = isTyped ? { name: ` ${cleanRoom.toLowerCase()} ` } : { agree: true }
        const refused: ReadonlyArray<readonly [ElicitResult, string]> = [
          [{ action: "decline" }, "denied"],
          [{ action: "cancel" }, "needs_confirmation"],
          [{ action: "accept", content: isTyped ? { name: "Holiday" } : { agree: false } }, "denied"]
        ]
        for (const [result, status] of refused) {
          expect([call.sends, yield* replyTo(result, call)]).toEqual([call.sends, { status, sent: [] }])
        }
        // A code is nothing to a host that can ask.
        const coded = { ...call, args: { ...call.args, confirmation: "ABCDEFGHJK" } }
        expect(yield* replyTo({ action: "decline" }, coded)).toEqual({ status: "denied", sent: [] })
        expect(yield* replyTo({ action: "accept", content: agreed }, call)).toEqual({
          status: "done",
          sent: [call.sends]
        })
      }
      expect(forms).toHaveLength(20)
      expect(forms.at(-1)?.message).toContain(`${cleanRoom}`)
      expect(forms.at(-1)?.requestedSchema.required).toEqual(["name"])
      // A host that cuts the message shows all of the field's description, and the other way round.
      for (const { message, requestedSchema: { properties } } of forms) {
        const [{ description = "" } = {}] = Object.values(properties)
        expect(description).toMatch(/^- ./)
        expect(message).toMatch(/^\w+ is about to change this at Habu:\n- ./)
        expect(message.endsWith(`\n${description}`)).toBe(true)
      }
      expect(host.strays()).toEqual([])
    }).pipe(Effect.scoped), 60_000)
})

describe("a host that cannot ask", () => {
  const previewed = (sandbox: Sandbox.Service, host: Host.Host, call: Call) =>
    Effect.gen(function*() {
      const [reply, sent] = yield* wrote(sandbox, host.call(call.tool, call.args))
      expect([reply.structured?.["status"], sent]).toEqual(["needs_confirmation", []])
      return confirmationOf(reply)?.code ?? ""
    })

  const redeemed = (sandbox: Sandbox.Service, host: Host.Host, call: Call, confirmation: string) =>
    wrote(sandbox, host.call(call.tool, { ...call.args, confirmation }))

  it.live(
    "previews, and takes a code once and for that change alone; gives none for what is final or binding",
    () =>
      Effect.gen(function*() {
        const { calls, sandbox, settings } = yield* stack
        const host = yield* Host.start(all, settings)
        const [ordinary, sentAtOnce] = yield* wrote(sandbox, host.call(calls.ordinary.tool, calls.ordinary.args))
        expect([ordinary.structured?.["status"], sentAtOnce]).toEqual(["done", [calls.ordinary.sends]])

        const codes = yield* Effect.forEach(
          [calls.outward, calls.privacy_lowering],
          (call) => previewed(sandbox, host, call)
        )
        const refusals = [
          [calls.outward, "ABCDEFGHJK", "not a code that was given out"],
          [calls.outward, codes[1] ?? "", "another change"]
        ] as const
        for (const [call, code, why] of refusals) {
          const [reply, sent] = yield* redeemed(sandbox, host, call, code)
          expect([reply.isError, sent]).toEqual([true, []])
          expect(reply.text).toContain(why)
        }
        for (const [i, call] of [calls.outward, calls.privacy_lowering].entries()) {
          const [done, sent] = yield* redeemed(sandbox, host, call, codes[i] ?? "")
          expect([done.structured?.["status"], sent]).toEqual(["done", [call.sends]])
          const [again, none] = yield* redeemed(sandbox, host, call, codes[i] ?? "")
          expect([again.isError, none]).toEqual([true, []])
          expect(again.text).toContain("was used already")
        }
        for (const [call, flag] of [[calls.destructive, allowed[0]], [calls.contractual, allowed[1]]] as const) {
          for (const args of [call.args, { ...call.args, confirmation: "ABCDEFGHJK" }]) {
            const [reply, sent] = yield* wrote(sandbox, host.call(call.tool, args))
            expect([reply.structured?.["status"], confirmationOf(reply)?.code, sent]).toEqual(["denied", undefined, []])
            expect(reply.text).toContain(flag)
          }
        }
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("takes codes for what is final or binding where it was started to", () =>
    Effect.gen(function*() {
      const { calls, sandbox, settings } = yield* stack
      const host = yield* Host.start([...all, ...allowed], settings)
      for (const call of [calls.contractual, calls.destructive]) {
        const code = yield* previewed(sandbox, host, call)
        const [forged, none] = yield* redeemed(sandbox, host, call, "ABCDEFGHJK")
        expect([forged.isError, none]).toEqual([true, []])
        const [done, sent] = yield* redeemed(sandbox, host, call, code)
        expect([done.structured?.["status"], sent]).toEqual(["done", [call.sends]])
      }
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "is offered no write under --read-only, and sends none if it calls one all the same",
    () =>
      Effect.gen(function*() {
        const { calls, sandbox, settings } = yield* stack
        const host = yield* Host.start([...all, ...allowed, "--read-only"], settings)
        const { tools } = yield* Effect.promise(() => host.client.listTools())
        expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([])
        expect(tools.length).toBeGreaterThan(5)
        for (const { args, tool } of Object.values(calls)) {
          const [reply, sent] = yield* wrote(sandbox, host.call(tool, args))
          expect([reply.isError, sent]).toEqual([true, []])
          expect(reply.text).toContain("TOOL_UNKNOWN")
        }
      }).pipe(Effect.scoped),
    60_000
  )
})

interface Ended {
  readonly code: number | null
  readonly out: string
}

const run = (
  program: string,
  args: ReadonlyArray<string>,
  env: Record<string, string>,
  answers: ReadonlyArray<readonly [prompt: string, text: string]> = []
) =>
  Effect.promise(() =>
    new Promise<Ended>((resolve, reject) => {
      const child = spawn(program, args, { env: { PATH: process.env["PATH"] ?? "", ...env } })
      let out = ""
      const left = [...answers]
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString("utf8")
        const [next] = left
        if (next !== undefined && out.includes(next[0])) {
          left.shift()
          child.stdin.write(next[1])
        }
      })
      if (answers.length === 0) child.stdin.end()
      child.on("error", reject)
      child.on("close", (code) => resolve({ code, out }))
    })
  )

const commandLine = ({ args, tool }: Call) => [Host.command, "call", tool, JSON.stringify(args)]

describe("habu-mcp call in a pipe", () => {
  it.live(
    "answers with JSON alone, takes --confirm from another process, and tells how it went by its exit code",
    () =>
      Effect.gen(function*() {
        const { calls, sandbox, settings } = yield* stack
        const piped = (call: Call, ...options: ReadonlyArray<string>) =>
          Effect.map(
            wrote(sandbox, run(process.execPath, [...commandLine(call), ...options], settings)),
            ([{ code, out }, sent]) => {
              expect(out.trimEnd().split("\n")).toHaveLength(1)
              const answer = JSON.parse(out) as {
                readonly status: string
                readonly confirmation?: Confirmation
                readonly error?: { readonly message: string }
              }
              return {
                code,
                sent,
                status: answer.status,
                given: answer.confirmation?.code,
                error: answer.error?.message
              }
            }
          )
        expect(yield* piped(calls.ordinary)).toMatchObject({ code: 0, status: "done", sent: [calls.ordinary.sends] })
        const preview = yield* piped(calls.outward)
        expect(preview).toMatchObject({ code: 3, status: "needs_confirmation", sent: [] })
        expect(yield* piped(calls.outward, "--confirm", "ABCDEFGHJK")).toMatchObject({ code: 2, sent: [] })
        const agreed = ["--confirm", preview.given ?? ""]
        expect(yield* piped(calls.outward, ...agreed)).toMatchObject({ code: 0, sent: [calls.outward.sends] })
        const twice = yield* piped(calls.outward, ...agreed)
        expect(twice).toMatchObject({ code: 2, status: "failed", sent: [] })
        expect(twice.error).toContain("was used already")
        expect(yield* piped(calls.ordinary, "--read-only")).toMatchObject({ code: 1, status: "failed", sent: [] })

        const lowering = yield* piped(calls.privacy_lowering)
        expect(lowering).toMatchObject({ code: 3, status: "needs_confirmation", sent: [] })
        expect(yield* piped(calls.privacy_lowering, "--confirm", lowering.given ?? ""))
          .toMatchObject({ code: 0, sent: [calls.privacy_lowering.sends] })

        for (const [call, flag] of [[calls.contractual, allowed[1]], [calls.destructive, allowed[0]]] as const) {
          expect(yield* piped(call)).toMatchObject({ code: 4, status: "denied", given: undefined, sent: [] })
          const { given, ...asked } = yield* piped(call, flag)
          expect(asked).toMatchObject({ code: 3, sent: [] })
          expect(yield* piped(call, flag, "--confirm", given ?? "")).toMatchObject({ code: 0, sent: [call.sends] })
        }
      }).pipe(Effect.scoped),
    120_000
  )
})

// The one common way to a terminal without a native module; util-linux has it.
const hasTerminal = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true

describe.skipIf(!hasTerminal)("habu-mcp call on a terminal", () => {
  it.live("asks the person there, who types the name of what goes for good", () =>
    Effect.gen(function*() {
      const { calls, sandbox, settings } = yield* stack
      const quoted = (words: ReadonlyArray<string>) => words.map((word) => `'${word}'`).join(" ")
      const typing = (call: Call, prompt: string, text: string) =>
        Effect.map(
          wrote(
            sandbox,
            run("script", ["-qec", quoted([process.execPath, ...commandLine(call)]), "/dev/null"], settings, [
              [prompt, text]
            ])
          ),
          ([{ code, out }, sent]) => ({ code, sent, out })
        )
      const agree = "Agree to these changes? [y/N] "
      const type = `Type ${cleanRoom} to agree: `
      const declined = yield* typing(calls.outward, agree, "\r")
      expect(declined).toMatchObject({ code: 4, sent: [] })
      expect(declined.out).toContain("ana@fizzwell.example")
      expect(yield* typing(calls.outward, agree, "\u0004")).toMatchObject({ code: 3, sent: [] })
      expect(yield* typing(calls.outward, agree, "\u0003")).toMatchObject({ code: 130, sent: [] })
      expect(yield* typing(calls.ordinary, "never asked", "")).toMatchObject({ code: 0, sent: [calls.ordinary.sends] })
      expect(yield* typing(calls.privacy_lowering, agree, "y\r"))
        .toMatchObject({ code: 0, sent: [calls.privacy_lowering.sends] })
      expect(yield* typing(calls.contractual, agree, "y\r")).toMatchObject({ code: 0, sent: [calls.contractual.sends] })
      expect(yield* typing(calls.destructive, type, "y\r")).toMatchObject({ code: 4, sent: [] })
      const deleted = yield* typing(calls.destructive, type, `${cleanRoom}\r`)
      expect(deleted).toMatchObject({ code: 0, sent: [calls.destructive.sends] })
      expect(deleted.out).toContain(`done: ${cleanRoom}`)
    }).pipe(Effect.scoped), 120_000)
})
