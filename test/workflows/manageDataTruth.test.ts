import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Manage from "../../src/workflows/ManageDataIntegration.js"
import * as Truth from "../support/Truth.js"

const secret = "canary/rotated/value/forty/characters000"

const secrets = ConfigProvider.fromMap(
  new Map([
    ["HABU_CREDENTIAL_ID", "AKIAROTATED000000001"],
    ["HABU_CREDENTIAL_SECRET", secret],
    ["HABU_CREDENTIAL_ARN", "arn:aws:iam::000000000001:user/rotated"],
    ["HABU_CREDENTIAL_REGION", "us-east-1"]
  ])
)

const manage = (input: Manage.Input) => Effect.withConfigProvider(Manage.run(input), secrets)

const calling = (input: Manage.Input) => ({ call: manage(input), dry: manage({ ...input, dry_run: true }) })

const world = Effect.map(Sandbox.Sandbox, ({ world }) => world)

const connectionOf = (name: string) =>
  Effect.map(world, (world) => world.dataConnections.find((one) => one.name === name))

/** Those that were checked since the sandbox began; the others were months before. */
const isChecked = (name: string) =>
  Effect.gen(function*() {
    const { clock } = yield* Sandbox.Sandbox
    return ((yield* connectionOf(name))?.checkedFrom ?? 0) > (yield* clock.now) - 12 * 3_600_000
  })

const crm = "Alder & Pine CRM"
const transactions = "Alder & Pine Transactions"
const members = "Alder & Pine Members"
const renamed = "Alder & Pine Loyalty Members"
const legacy = "Legacy Shop Export"
const coupons = "Weekly Coupons"

const hasNewFields = Effect.gen(function*() {
  const { dataConnections } = yield* world
  const row = yield* connectionOf(crm)
  if (row === undefined) return
  dataConnections.put({
    ...row,
    unseen: ["email", "education"],
    fields: row.fields.filter(({ fieldName }) => fieldName !== "email" && fieldName !== "education")
  })
})

const hasMembers = Effect.gen(function*() {
  const { dataConnections } = yield* world
  const like = yield* connectionOf(crm)
  if (like !== undefined) dataConnections.put({ ...like, id: "connection-members", name: members })
})

/** The call, and the call again that agrees to what it proposes. */
const refreshed = Effect.gen(function*() {
  const first = yield* manage({ action: "refresh", connection: crm })
  const marks = (first.proposals ?? []).map(({ mark }) => mark)
  if (marks.length === 0) return first
  return yield* manage({ action: "refresh", connection: crm, agreed_mappings: marks })
})

const labels = Effect.map(
  connectionOf(crm),
  (row) => row?.fields.map(({ fieldName, identifierType, isPii }) => [fieldName, identifierType, isPii])
)

const rotated = Effect.map(world, ({ credentials }) => {
  const value = credentials.find(({ name }) => name === "Alder & Pine AWS")?.values["AWS_SECRET_ACCESS_KEY"]
  return value !== undefined && Redacted.value(value) === secret
})

const viewNamed = (name: string, query: string) =>
  Effect.gen(function*() {
    const { dataConnections, organizationId, views } = yield* world
    const source = dataConnections.find((one) => one.name === crm)
    views.put({
      id: `view-${name}`,
      organizationId,
      name,
      query,
      version: 1,
      sources: [{ dataConnectionId: source?.id ?? "", macro: "crm" }],
      fields: [{ name: "cid", type: "STRING", origins: ["@crm.cid"] }],
      createdAt: 0,
      updatedAt: 0
    })
  })

const queries = (name: string) =>
  Effect.map(world, ({ views }) => views.where((one) => one.name === name).map(({ query }) => query))

const wider = "SELECT cid, loyalty_tier FROM @crm"

const isGone = <A>(left: Effect.Effect<A | undefined, never, Sandbox.Sandbox>) =>
  Effect.map(left, (row) => row === undefined)

const unusedCredential = Effect.map(world, ({ credentials }) => credentials.find(({ name }) => name === "Unused"))

const hasUnusedCredential = Effect.map(world, ({ credentials }) => {
  const like = credentials.find(({ name }) => name === "Alder & Pine GCP")
  if (like !== undefined) credentials.put({ ...like, id: "credential-unused", name: "Unused" })
})

Truth.together("the truth about data connections, views and credentials", [
  {
    name: "changing settings",
    ...calling({
      action: "change",
      connection: legacy,
      parameters: { DataLocation: "s3://alder-pine-data/retail_transactions/" }
    }),
    holds: Effect.map(connectionOf(legacy), (row) => row?.configuration),
    holdsStep: () =>
      Effect.map(connectionOf(legacy), (row) => JSON.stringify(row?.configuration).includes("alder-pine-data")),
    writes: ["updateDataConnection"]
  },
  {
    name: "renaming a data connection",
    before: hasMembers,
    ...calling({ action: "change", connection: members, new_name: renamed }),
    holds: Effect.map(
      world,
      ({ dataConnections }) =>
        dataConnections.where(({ name }) => name === renamed || name === members).map((one) => one.name)
    ),
    holdsStep: () => Effect.map(connectionOf(renamed), (row) => row !== undefined),
    writes: ["updateDataConnection"]
  },
  {
    name: "reading a schema anew",
    before: hasNewFields,
    call: refreshed,
    dry: manage({ action: "refresh", connection: crm, dry_run: true }),
    repeats: true,
    holds: Effect.all([labels, isChecked(crm)]),
    holdsStep: (step) =>
      step.startsWith("check") ?
        isChecked(crm) :
        Effect.map(labels, (all = []) => all.some(([field, kind]) => field === "email" && kind === "Raw Email")),
    claims: /as they were|new fields/,
    writes: ["retryDataConnectionJob", "mapFieldConfigurations"]
  },
  {
    name: "rotating a credential",
    ...calling({
      action: "rotate",
      credential: "Alder & Pine AWS",
      connection: transactions,
      credential_values: {
        AWS_ACCESS_KEY_ID: "HABU_CREDENTIAL_ID",
        AWS_SECRET_ACCESS_KEY: "HABU_CREDENTIAL_SECRET",
        AWS_USER_ARN: "HABU_CREDENTIAL_ARN",
        AWS_REGION: "HABU_CREDENTIAL_REGION"
      }
    }),
    repeats: true,
    holds: Effect.all([rotated, isChecked(transactions)]),
    holdsStep: (step) => step.startsWith("check") ? isChecked(transactions) : rotated,
    writes: ["updateOrganizationCredential", "retryDataConnectionJob"]
  },
  {
    name: "changing a view",
    before: viewNamed("Tiers", "SELECT cid FROM @crm"),
    ...calling({ action: "change", view: "Tiers", definition: { query: wider, macros: { crm } } }),
    holds: queries("Tiers"),
    holdsStep: () => Effect.map(queries("Tiers"), ([query]) => query === wider),
    claims: /as asked/,
    writes: ["updateDataConnectionView"]
  },
  {
    name: "deleting a data connection",
    ...calling({ action: "delete", connection: coupons }),
    holds: isGone(connectionOf(coupons)),
    holdsStep: () => isGone(connectionOf(coupons)),
    claims: /is deleted/,
    writes: ["deleteDataConnection"]
  },
  {
    name: "deleting a view",
    before: viewNamed("Unused", "SELECT cid FROM @crm"),
    ...calling({ action: "delete", view: "Unused" }),
    holds: queries("Unused"),
    holdsStep: () => Effect.map(queries("Unused"), ({ length }) => length === 0),
    claims: /is deleted/,
    writes: ["deleteDataConnectionView"]
  },
  {
    name: "deleting a credential",
    before: hasUnusedCredential,
    ...calling({ action: "delete", credential: "Unused" }),
    holds: isGone(unusedCredential),
    holdsStep: () => isGone(unusedCredential),
    claims: /is deleted/,
    writes: ["deleteOrganizationCredential"]
  }
])
