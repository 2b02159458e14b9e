import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Establish from "../../src/workflows/EstablishDataConnection.js"
import * as Truth from "../support/Truth.js"

const secrets = ConfigProvider.fromMap(
  new Map([
    ["HABU_CREDENTIAL_ID", "AKIACANARY0000000001"],
    ["HABU_CREDENTIAL_SECRET", "canary/secret/value/of/forty/characters0"],
    ["HABU_CREDENTIAL_ARN", "arn:aws:iam::000000000001:user/canary"],
    ["HABU_CREDENTIAL_REGION", "us-east-1"]
  ])
)

const room = "Fizzwell Summer Campaign"

const connection: Establish.Input = {
  source: "CLIENT_AWS",
  data_type: "CRM",
  credential: "Truth AWS",
  credential_values: {
    AWS_ACCESS_KEY_ID: "HABU_CREDENTIAL_ID",
    AWS_SECRET_ACCESS_KEY: "HABU_CREDENTIAL_SECRET",
    AWS_USER_ARN: "HABU_CREDENTIAL_ARN",
    AWS_REGION: "HABU_CREDENTIAL_REGION"
  },
  connections: [{
    name: "Truth",
    parameters: {
      DataLocation: "s3://alder-pine-data/retail_crm/",
      FileFormat: "Parquet",
      SampleFilePath: "",
      JobFrequency: "DAILY",
      RefreshType: "INCREMENTAL",
      IdentifierType: "ID"
    }
  }],
  clean_rooms: [room],
  hide_fields: ["education"]
}

/** The call, and the call again that agrees to what it proposes. */
const agreeing = (call: Establish.Input) =>
  Effect.gen(function*() {
    const first = yield* Establish.run(call)
    const marks = (first.proposals ?? []).map(({ mark }) => mark)
    if (marks.length === 0) return first
    const second = yield* Establish.run({ ...call, agreed_mappings: marks })
    return { ...second, steps: [...first.steps ?? [], ...second.steps ?? []] }
  }).pipe(Effect.withConfigProvider(secrets))

const world = Effect.map(Sandbox.Sandbox, ({ world }) => world)

const held = Effect.map(world, (world) => {
  const made = world.dataConnections.where(({ name }) => name === "Truth")
  const dataset = world.datasets.where(({ name }) => name === "Truth")
  return {
    credentials: world.credentials.where(({ name }) => name === "Truth AWS").length,
    connections: made.map(({ configuration, dataType, mapped }) => [dataType, mapped, configuration]),
    labels: made.flatMap(({ fields }) =>
      fields.map(({ fieldName, identifierType, isPii }) => [fieldName, identifierType, isPii])
    ),
    datasets: dataset.map(({ excluded, rampIdConsent }) => [excluded, rampIdConsent]),
    views: world.views.where(({ name }) => name === "Truth View").map(({ query }) => query)
  }
})

Truth.tell({
  name: "establish_data_connection, from a credential to a limited dataset",
  call: agreeing(connection),
  holds: held,
  holdsStep: (step) =>
    Effect.map(held, ({ connections, credentials, datasets }) => {
      if (step.startsWith("store credential")) return credentials === 1
      if (step.startsWith("create data connection")) return connections.length === 1
      if (step.startsWith("map the fields")) return connections[0]?.[1] === true
      if (step.startsWith("make a dataset")) return datasets.length === 1
      return step.startsWith("limit") ? datasets[0]?.[0]?.toString() === "education" : undefined
    })
}, [
  "createOrganizationCredential",
  "createDataConnection",
  "mapFieldConfigurations",
  "configureCleanroomDataset",
  "updateCleanroomDatasetById"
])

Truth.tell({
  name: "establish_data_connection, a view",
  call: Establish.run({
    connections: [{ name: "Truth View" }],
    view: { query: "SELECT cid, loyalty_tier FROM @crm", macros: { crm: "Alder & Pine CRM" } }
  }),
  holds: held,
  holdsStep: (step) => Effect.map(held, ({ views }) => step.startsWith("create view") ? views.length === 1 : undefined)
}, ["createDataConnectionView"])
