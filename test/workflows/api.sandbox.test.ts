import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as AuditLog from "../../src/audit/AuditLog.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as Operations from "../../src/habu/Operations.js"
import { ReadOnly } from "../../src/habu/ReadOnly.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Grades from "../../src/workflows/api/Grades.js"
import * as Call from "../../src/workflows/CallApiOperation.js"
import * as Describe from "../../src/workflows/DescribeApiOperations.js"
import { writesOf } from "../support/WorkflowStack.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const call = (input: Call.Input) => Effect.flatMap(Call.run(input), Schema.encode(Call.Output))
const describe = (input: Describe.Input) => Effect.flatMap(Describe.run(input), Schema.encode(Describe.Output))

const tokens = (answer: unknown) => JSON.stringify(answer).length / 4

const idOf = (name: string) =>
  Effect.flatMap(HabuDirectory.HabuDirectory, ({ cleanRoom }) => Effect.map(cleanRoom(name), ({ id }) => id))

const questionId = (name: string) =>
  Effect.flatMap(HabuDirectory.HabuDirectory, ({ question }) => Effect.map(question(name), (one) => one.question.id))

layer(WorkflowStack.layer({ sandbox: { speed: 60 }, confirmation: {} }), { excludeTestServices: true })(
  "the raw tools",
  (it) => {
    it.effect("grade every operation: reads as reads, deletions as more than ordinary", () =>
      Effect.sync(() => {
        for (const { effect, id, method } of Operations.all.values()) {
          const grade = (Grades.grades as { readonly [id: string]: Grades.ApiGrade })[id]
          assert.strictEqual(effect === "read", grade === "read", id)
          const isGentle = id === "deleteCleanroomUser" || id === "deprovisionCleanroomDestination"
          if (method === "DELETE" && !isGentle) assert.include(["destructive", "outward", "contractual"], grade, id)
        }
        assert.strictEqual(Object.keys(Grades.grades).length, 147)
        assert.strictEqual(Grades.of("configureCleanroomDataset", { body: { rampIDConsent: true } }), "contractual")
        assert.strictEqual(Grades.of("configureCleanroomDataset", { body: {} }), "ordinary")
        assert.strictEqual(Grades.of("changeJobStatus", { body: { status: "ACTIVE" } }), "outward")
        assert.strictEqual(Grades.of("changeJobStatus", { body: { status: "PAUSED" } }), "ordinary")
      }))

    it.effect("find operations by words and show each whole, under 4,000 tokens", () =>
      Effect.gen(function*() {
        const groups = yield* describe({})
        assert.strictEqual(groups.groups?.reduce((sum, { operations }) => sum + operations, 0), 147)
        const found = yield* describe({ search: "pause an export job" })
        assert.include(found.operations?.slice(0, 4).map(({ id }) => id) ?? [], "changeJobStatus")
        const user = yield* describe({ operation: "ADDCLEANROOMUSER" })
        assert.strictEqual(user.operation?.grade, "privacy_lowering")
        assert.deepStrictEqual(
          user.operation?.parameters?.map(({ in: place, name, required }) => [name, place, required]),
          [
            ["cleanroomId", "path", true]
          ]
        )
        assert.include(JSON.stringify(user.operation?.body), "\"email\"")
        const sizes = yield* Effect.forEach(
          Operations.all.keys(),
          (operation) => Effect.map(describe({ operation }), (answer) => [tokens(answer), operation] as const)
        )
        const [most] = [...sizes].sort(([a], [b]) => b - a)
        assert.isBelow(most?.[0] ?? Infinity, 4_000, most?.[1])
        assert.isBelow(tokens(yield* describe({ search: "clean room question run" })), 4_000)
        assert.strictEqual((yield* Effect.flip(describe({ group: "Kitchen" })))._tag, "InputInvalid")
      }))

    it.effect("read, with what is too long cut and said so", () =>
      Effect.gen(function*() {
        const rooms = yield* call({ operation: "getAllCleanrooms", query: { limit: 3 } })
        assert.deepStrictEqual([rooms.status, rooms.count], ["done", 3])
        const cleanroomId = yield* idOf("Fizzwell Summer Campaign")
        const datasets = yield* call({ operation: "getCleanroomDatasets", path: { cleanroomId } })
        assert.strictEqual(datasets.count, 8)
        assert.match(datasets.warnings?.[0] ?? "", /^Cut to fit/)
        assert.isBelow(tokens(datasets), 4_000)
      }))

    it.effect("refuse what does not fit the contract, naming it, with nothing sent", () =>
      Effect.gen(function*() {
        const cleanroomId = yield* idOf("Holiday Planning")
        const wrong: ReadonlyArray<readonly [Call.Input, string]> = [
          [{ operation: "getCleanroomByName" }, "operation"],
          [{ operation: "getCleanroomById" }, "path.cleanroomId"],
          [{ operation: "getCleanroomById", path: { cleanroomId, extra: "x" } }, "path.extra"],
          [{ operation: "getAllCleanrooms", query: { limit: "many" } }, "query.limit"],
          [{ operation: "getAllCleanrooms", body: { a: 1 } }, "body"],
          [{ operation: "addCleanroomUser", path: { cleanroomId }, body: { email: "a@b.example" } }, "body.role"],
          [{
            operation: "addCleanroomUser",
            path: { cleanroomId },
            body: { email: "a@b.example", role: "Viewer", rolle: "x" }
          }, "body.rolle"],
          [{ operation: "createOrganizationCredential", body: { name: "x" } }, "operation"],
          [{
            operation: "createDestination",
            body: { name: "x", partner: { ID: "y" }, credential: { name: "c", credentials: [] } }
          }, "body"],
          [{
            operation: "updateDataConnection",
            path: { dataConnectionId: "x" },
            body: {
              name: "x",
              category: "y",
              dataType: {},
              dataSourceConfiguration: [{ name: "SNOWFLAKE_PASSWORD", value: "hunter22" }]
            }
          }, "body"]
        ]
        const [fields, writes] = yield* writesOf(Effect.forEach(wrong, ([input]) =>
          Effect.map(Effect.flip(call(input)), (error) =>
            error._tag === "InputInvalid" ? error.field : error._tag)))
        assert.deepStrictEqual(
          fields,
          wrong.map(([, field]) =>
            field
          )
        )
        assert.deepStrictEqual(writes, [])
      }))

    it.effect("carry out an ordinary write at once, and note it in the audit log", () =>
      Effect.gen(function*() {
        const cleanroomQuestionId = yield* questionId("Creative Performance")
        const input = {
          operation: "updateCleanroomQuestionComputeCapacity",
          path: { cleanroomQuestionId },
          body: { computeCapacity: "LARGE" }
        }
        const [plan, none] = yield* writesOf(call({ ...input, dry_run: true }))
        assert.deepStrictEqual([plan.status, none], ["done", []])
        assert.match(plan.summary, /^Nothing was sent/)
        const [done, sent] = yield* writesOf(call(input))
        assert.deepStrictEqual([done.status, done.grade, sent], ["done", "ordinary", [input.operation]])
        const log = yield* AuditLog.AuditLog
        const { entries } = yield* log.read({ target: cleanroomQuestionId })
        assert.deepStrictEqual(entries.map(({ operation, outcome }) => [operation, outcome]), [[
          input.operation,
          "done"
        ]])
      }))

    it.effect("wait for agreement to what reaches far, and take a code for exactly that change once", () =>
      Effect.gen(function*() {
        const cleanroomId = yield* idOf("Holiday Planning")
        const input = {
          operation: "addCleanroomUser",
          path: { cleanroomId },
          body: { email: "elena.duarte@alderpine.example", role: "Viewer" }
        }
        const [waiting, none] = yield* writesOf(call(input))
        assert.deepStrictEqual([waiting.status, none], ["needs_confirmation", []])
        const confirmation = waiting.confirmation?.code ?? ""
        const other = { ...input, body: { ...input.body, role: "Administrator" }, confirmation }
        assert.strictEqual((yield* Effect.flip(call(other)))._tag, "InputInvalid")
        const [done, sent] = yield* writesOf(call({ ...input, confirmation }))
        assert.deepStrictEqual([done.status, sent], ["done", ["addCleanroomUser"]])
        assert.strictEqual((yield* Effect.flip(call({ ...input, confirmation })))._tag, "InputInvalid")
      }))

    it.effect("give no code for deletions, unless the server allows them", () =>
      Effect.gen(function*() {
        const cleanroomId = yield* idOf("Holiday Planning")
        const [answer, sent] = yield* writesOf(call({ operation: "deleteCleanroom", path: { cleanroomId } }))
        assert.deepStrictEqual([answer.status, answer.confirmation?.code, sent], ["denied", undefined, []])
        assert.include(answer.summary, "--allow-destructive")
      }))

    it.effect("write nothing in read-only mode", () =>
      Effect.gen(function*() {
        const cleanroomQuestionId = yield* questionId("Creative Performance")
        const write = call({
          operation: "updateCleanroomQuestionComputeCapacity",
          path: { cleanroomQuestionId },
          body: { computeCapacity: "DEFAULT" }
        })
        const [error, sent] = yield* writesOf(Effect.flip(Effect.provideService(write, ReadOnly, true)))
        assert.deepStrictEqual([error._tag, sent], ["ConfigurationInvalid", []])
      }))

    it.effect("spend the same budget as everything else, and say that the ledger does not know the start", () =>
      Effect.gen(function*() {
        const cleanroomQuestionId = yield* questionId("Buyers of Fizzwell Zero")
        const start = (name: string) =>
          call({
            operation: "createCleanroomQuestionRun",
            path: { cleanroomQuestionId },
            body: { name, parameters: {} }
          })
        const first = yield* start("raw 1")
        assert.match(first.warnings?.join(" ") ?? "", /not kept in the ledger/)
        yield* Effect.forEach(Array.from({ length: 19 }, (_, index) => `raw ${index + 2}`), start)
        const [error, sent] = yield* writesOf(Effect.flip(start("raw 21")))
        assert.deepStrictEqual([error._tag, sent], ["BudgetExhausted", []])
      }))

    it.effect("show neither rows of results nor secrets", () =>
      Effect.gen(function*() {
        const list = yield* questionId("Exposed Buyers - User List")
        const habu = yield* HabuClient.HabuClient
        const runs = yield* habu.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: list }, urlParams: {} })
        const run = runs.find(({ parameters, status }) =>
          status === "COMPLETED" && Object.keys(parameters ?? {}).length > 0
        )
        const data = yield* call({
          operation: "getCleanroomQuestionRunData",
          path: { cleanroomQuestionRunId: run?.id ?? "" },
          detail: "full"
        })
        assert.isAbove(data.count ?? 0, 0)
        assert.notProperty(data.answer, "stats")
        const answers = yield* Effect.all([
          call({ operation: "getAllOrganizationCredentials", detail: "full" }),
          call({ operation: "getAllDataConnections", detail: "full" }),
          call({ operation: "listDestinations", detail: "full" })
        ])
        const { clientSecret } = yield* Sandbox.Sandbox
        const text = JSON.stringify(answers)
        assert.notInclude(text, Redacted.value(clientSecret))
        assert.notMatch(text, /synthetic\\"|PRIVATE KEY-----\\n/)
        assert.include(text, "s3://alder-pine-data")
        for (const answer of answers) assert.isBelow(tokens(answer), 11_000)
      }))
  }
)
