import { assert, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as AuditLog from "../../src/audit/AuditLog.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Manage from "../../src/workflows/ManageDataIntegration.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const canary = "canary/rotated/value/forty/characters000"

const secrets = ConfigProvider.fromMap(
  new Map([
    ["HABU_CREDENTIAL_ID", "AKIAROTATED000000001"],
    ["HABU_CREDENTIAL_SECRET", canary],
    ["HABU_CREDENTIAL_ARN", "arn:aws:iam::000000000001:user/rotated"],
    ["HABU_CREDENTIAL_REGION", "us-east-1"]
  ])
)

const references = {
  AWS_ACCESS_KEY_ID: "HABU_CREDENTIAL_ID",
  AWS_SECRET_ACCESS_KEY: "HABU_CREDENTIAL_SECRET",
  AWS_USER_ARN: "HABU_CREDENTIAL_ARN",
  AWS_REGION: "HABU_CREDENTIAL_REGION"
}

const answers: Array<string> = []

const manage = (input: Manage.Input) =>
  Effect.flatMap(Manage.run(input), Schema.encode(Manage.Output)).pipe(
    Effect.withConfigProvider(secrets),
    Effect.tap((answer) =>
      Effect.sync(() => {
        const text = JSON.stringify(answer)
        answers.push(text)
        assert.isBelow(text.length / 4, 4_000, input.action)
      })
    )
  )

const results = (answer: Manage.Output) => (answer.steps ?? []).map(({ result, step }) => `${result}: ${step}`)

const sandboxWorld = Effect.map(Sandbox.Sandbox, ({ world }) => world)

layer(WorkflowStack.layer(), { excludeTestServices: true })("manage_data_integration", (it) => {
  it.effect("tells the health of all, the worst first, and what to do; diagnoses one", () =>
    Effect.gen(function*() {
      const [answer, made] = yield* WorkflowStack.writesOf(manage({}))
      assert.deepStrictEqual(made, [])
      assert.strictEqual(answer.status, "done")
      assert.strictEqual(answer.connections?.[0]?.state, "CONFIGURATION_FAILED")
      assert.include(answer.healthy ?? [], "Alder & Pine CRM")
      assert.strictEqual(answer.next_steps?.[0]?.arguments["action"], "diagnose")
      const diagnosis = yield* manage({ action: "diagnose", connection: "Legacy Shop Export" })
      assert.match(diagnosis.causes?.[0]?.id ?? "", /^T-\d+$/)
      assert.isAbove(diagnosis.causes?.[0]?.fix.length ?? 0, 0)
      const mapping = yield* manage({ action: "diagnose", connection: "Store Sales (GCS)" })
      assert.isTrue(mapping.next_steps?.some(({ tool }) => tool === "establish_data_connection"))
    }))

  it.effect("changes a setting, keeps the others, and follows the check; the same call again changes nothing", () =>
    Effect.gen(function*() {
      const world = yield* sandboxWorld
      const call: Manage.Input = {
        action: "change",
        connection: "Legacy Shop Export",
        parameters: { DataLocation: "s3://alder-pine-data/retail_transactions/" },
        credential: "Alder & Pine AWS"
      }
      const before = world.dataConnections.find(({ name }) => name === "Legacy Shop Export")
      const [plan, none] = yield* WorkflowStack.writesOf(manage({ ...call, dry_run: true }))
      assert.deepStrictEqual(none, [])
      assert.match(plan.steps?.[0]?.detail ?? "", /legacy-shop-exports.*alder-pine-data/)
      const [answer, made] = yield* WorkflowStack.writesOf(manage(call))
      assert.deepStrictEqual(made, ["updateDataConnection"])
      assert.strictEqual(answer.connections?.[0]?.state, "MAPPING_REQUIRED", JSON.stringify(answer))
      const after = world.dataConnections.find(({ name }) => name === "Legacy Shop Export")
      const values = (row: typeof after) =>
        Object.fromEntries((row?.configuration ?? []).map((one) => [one.name, one.value]))
      assert.deepStrictEqual(values(after), {
        ...values(before),
        DataLocation: "s3://alder-pine-data/retail_transactions/"
      })
      assert.deepStrictEqual([after?.category, after?.credentialId], [before?.category, before?.credentialId])
      const { credential: _, ...again } = call
      const [, nothing] = yield* WorkflowStack.writesOf(manage(again))
      assert.deepStrictEqual(nothing, [])
    }))

  it.effect("renames one, and tells that it is so already when the same call comes again by the old name", () =>
    Effect.gen(function*() {
      const rename = { action: "change", connection: "Weekly Coupons", new_name: "Coupons by Week" } as const
      const call: Manage.Input = { ...rename, credential: "Alder & Pine AWS" }
      const [, made] = yield* WorkflowStack.writesOf(manage(call))
      assert.deepStrictEqual(made, ["updateDataConnection"])
      const [again, nothing] = yield* WorkflowStack.writesOf(manage(rename))
      assert.deepStrictEqual(again.steps?.map(({ result }) => result), ["skipped"])
      assert.strictEqual(again.connections?.[0]?.name, "Coupons by Week")
      assert.deepStrictEqual(nothing, [])
      // What was not renamed here is unknown, whatever bears the new name; so is the old name by itself.
      for (const unknown of [{ ...rename, connection: "Daily Coupons" }, { ...rename, new_name: "Coupons" }]) {
        assert.strictEqual((yield* Effect.flip(manage(unknown)))._tag, "ReferenceUnknown")
      }
      const bare = yield* Effect.flip(manage({ action: "diagnose", connection: "Weekly Coupons" }))
      assert.strictEqual(bare._tag, "ReferenceUnknown")
      yield* manage({ ...call, connection: "Coupons by Week", new_name: "Weekly Coupons" })
    }))

  it.effect("reads a schema anew, tells the new fields, maps them once agreed, and is then done", () =>
    Effect.gen(function*() {
      const world = yield* sandboxWorld
      const row = world.dataConnections.find(({ name }) => name === "Alder & Pine CRM")
      assert.isDefined(row)
      if (row === undefined) return
      world.dataConnections.put({
        ...row,
        unseen: ["email", "education"],
        fields: row.fields.filter(({ fieldName }) => fieldName !== "email" && fieldName !== "education")
      })
      const call: Manage.Input = { action: "refresh", connection: row.name }
      const [plan, none] = yield* WorkflowStack.writesOf(manage({ ...call, dry_run: true }))
      assert.deepStrictEqual([results(plan), none], [["planned: check again \"Alder & Pine CRM\""], []])
      const [first, made] = yield* WorkflowStack.writesOf(manage(call))
      assert.deepStrictEqual(made, ["retryDataConnectionJob"])
      assert.deepStrictEqual(
        [...first.schema?.new ?? []].sort(),
        ["education (STRING)", "email (STRING)"],
        JSON.stringify(first)
      )
      assert.strictEqual(first.status, "needs_input")
      assert.include(first.proposals?.[0]?.fields.find(({ field }) => field === "email"), { pii: true })
      const [again, nothing] = yield* WorkflowStack.writesOf(manage(call))
      assert.deepStrictEqual([again.schema, nothing], [first.schema, []])
      const agreed = first.next_steps?.[0]?.arguments as Manage.Input
      const [done, mapped] = yield* WorkflowStack.writesOf(manage(agreed))
      assert.deepStrictEqual([done.status, mapped], ["done", ["mapFieldConfigurations"]], JSON.stringify(done))
      const email = world.dataConnections.get(row.id)?.fields.find(({ fieldName }) => fieldName === "email")
      assert.include(email, { identifierType: "Raw Email", isPii: true })
      const [last, more] = yield* WorkflowStack.writesOf(manage(agreed))
      // More than five minutes of the sandbox's later, which is soon, it is checked once more.
      assert.deepStrictEqual([last.status, more.includes("mapFieldConfigurations")], ["done", false])
    }))

  it.effect("a step that Habu denies is told as denied, and the next call completes it", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.faults.add({ kind: "status", status: 403, operation: "retryDataConnectionJob" })
      const call: Manage.Input = { action: "refresh", connection: "Alder & Pine Transactions" }
      const denied = yield* manage(call)
      assert.deepStrictEqual([denied.status, results(denied)], [
        "denied",
        ["denied: check again \"Alder & Pine Transactions\""]
      ])
      yield* sandbox.faults.clear
      const done = yield* manage(call)
      assert.strictEqual(done.status, "done", JSON.stringify(done))
      assert.match(done.summary, /fields are as they were/)
    }))

  it.effect("rotates a credential by reference and checks what uses it; the values are nowhere but on the wire", () =>
    Effect.gen(function*() {
      const world = yield* sandboxWorld
      const call: Manage.Input = {
        action: "rotate",
        credential: "Alder & Pine AWS",
        credential_values: references,
        connection: "Alder & Pine Transactions"
      }
      const [plan, none] = yield* WorkflowStack.writesOf(manage({ ...call, dry_run: true }))
      assert.deepStrictEqual(none, [])
      assert.include(plan.dependants?.join(" "), "Alder & Pine CRM")
      const refused = yield* Effect.flip(
        manage({ ...call, credential_values: { ...references, AWS_REGION: "HABU_API_SECRET" } })
      )
      assert.strictEqual(refused._tag, "InputInvalid")
      const [answer, made] = yield* WorkflowStack.writesOf(manage(call))
      assert.deepStrictEqual(made, ["updateOrganizationCredential", "retryDataConnectionJob"], JSON.stringify(answer))
      assert.strictEqual(answer.status, "done")
      const stored = world.credentials.find(({ name }) => name === "Alder & Pine AWS")?.values["AWS_SECRET_ACCESS_KEY"]
      assert.strictEqual(stored === undefined ? "" : Redacted.value(stored), canary)
      const page = yield* Effect.flatMap(AuditLog.AuditLog, (log) => log.read({}))
      assert.notInclude(JSON.stringify(page.entries) + answers.join("\n"), canary)
      const managed = yield* Effect.flip(
        manage({ action: "rotate", credential: "LiveRamp Service Account", credential_values: {} })
      )
      assert.match(managed.message, /managed by LiveRamp/)
    }))

  it.effect("lists views, changes one, and deletes with what rests on it shown", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const { world } = sandbox
      const crm = world.dataConnections.find(({ name }) => name === "Alder & Pine CRM")
      world.views.put({
        id: "view-1",
        organizationId: world.organizationId,
        name: "Tiers \u202e",
        query: "SELECT cid FROM @crm",
        version: 1,
        sources: [{ dataConnectionId: crm?.id ?? "", macro: "crm" }],
        fields: [{ name: "cid", type: "STRING", origins: ["@crm.cid"] }],
        createdAt: 0,
        updatedAt: 0
      })
      const list = yield* manage({ action: "views" })
      const view = list.views?.find(({ id }) => id === "view-1")
      assert.deepStrictEqual([view?.name, view?.over, view?.columns], ["Tiers", ["@crm: Alder & Pine CRM"], 1])
      const changed = yield* manage({
        action: "change",
        view: "tiers",
        definition: { query: "SELECT cid, loyalty_tier FROM @crm", macros: { crm: "Alder & Pine CRM" } }
      })
      assert.strictEqual(changed.status, "done", JSON.stringify(changed))
      assert.strictEqual(world.views.get("view-1")?.fields?.length, 2)
      const [plan, none] = yield* WorkflowStack.writesOf(
        manage({ action: "delete", connection: "Alder & Pine CRM", dry_run: true })
      )
      assert.deepStrictEqual(none, [])
      assert.include(plan.dependants?.join("\n"), "Fizzwell Summer Campaign")
      assert.include(plan.dependants?.join("\n"), "view Tiers")
      const refused = yield* manage({ action: "delete", connection: "Alder & Pine CRM" })
      assert.strictEqual(refused.status, "failed")
      assert.isDefined(world.dataConnections.get(crm?.id ?? ""))
      const [gone, made] = yield* WorkflowStack.writesOf(manage({ action: "delete", view: "view-1" }))
      assert.deepStrictEqual([gone.status, made], ["done", ["deleteDataConnectionView"]])
      yield* sandbox.faults.add({ kind: "lost", operation: "deleteDataConnection", count: 1 })
      const coupons = yield* manage({ action: "delete", connection: "Weekly Coupons" })
      assert.strictEqual(coupons.status, "done", JSON.stringify(coupons))
      assert.isUndefined(world.dataConnections.find(({ name }) => name === "Weekly Coupons"))
      yield* sandbox.faults.clear
    }))

  it.effect("tells what changed since the last look, once", () =>
    Effect.gen(function*() {
      const world = yield* sandboxWorld
      yield* manage({ action: "news" })
      const row = world.dataConnections.find(({ name }) => name === "Store Sales (GCS)")
      if (row !== undefined) world.dataConnections.remove(row.id)
      const told = yield* manage({ action: "news" })
      assert.deepStrictEqual(told.news, ["The data connection \"Store Sales (GCS)\" is there no more."])
      assert.isUndefined((yield* manage({ action: "news" })).news)
    }))

  it.effect("says what it needs", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<Manage.Input> = [
        { action: "refresh" },
        { action: "rotate" },
        { action: "delete" },
        { action: "delete", connection: "a", view: "b" },
        { action: "change", connection: "Alder & Pine CRM", parameters: { Colour: "red" } },
        { action: "diagnose", connection: "no such data connection" }
      ]
      const [, made] = yield* WorkflowStack.writesOf(Effect.forEach(wrong, (input) => Effect.flip(manage(input))))
      assert.deepStrictEqual(made, [])
    }))
})

layer(Layer.fresh(WorkflowStack.layer({ confirmation: {} })), { excludeTestServices: true })(
  "manage_data_integration where no person can be asked",
  (it) => {
    it.effect("does not delete, and rotates only with the code of the preview", () =>
      Effect.gen(function*() {
        const [barred, none] = yield* WorkflowStack.writesOf(manage({ action: "delete", connection: "Weekly Coupons" }))
        assert.deepStrictEqual([barred.status, none], ["denied", []])
        const call: Manage.Input = {
          action: "rotate",
          credential: "Alder & Pine AWS",
          credential_values: references,
          connection: "Alder & Pine CRM"
        }
        const waiting = yield* manage(call)
        assert.strictEqual(waiting.status, "needs_confirmation")
        const confirmation = waiting.confirmation?.code ?? ""
        const other = yield* Effect.flip(manage({ ...call, connection: "Alder & Pine Transactions", confirmation }))
        assert.match(other.message, /another change/)
        const [done, made] = yield* WorkflowStack.writesOf(manage({ ...call, confirmation }))
        assert.deepStrictEqual([done.status, made], ["done", [
          "updateOrganizationCredential",
          "retryDataConnectionJob"
        ]])
        const used = yield* Effect.flip(manage({ ...call, confirmation }))
        assert.match(used.message, /used already/)
      }))
  }
)
