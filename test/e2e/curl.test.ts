/**
 * A client that nobody here wrote: the real `curl`, which goes through a whole collaboration against the built sandbox,
 * from an empty clean room to its removal. One sandbox and one clean room for all; each test goes on where the one before
 * ended.
 */
import { assert, describe, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { execFile, spawnSync } from "node:child_process"
import { launch, type Line } from "./sandboxProcess.js"

interface Answer {
  readonly status: number
  readonly json: any
  readonly text: string
}

const parse = (text: string): unknown =>
  Effect.runSync(Effect.orElseSucceed(Effect.try((): unknown => JSON.parse(text)), () => undefined))

/** What curl prints: the body, and the status in a line of its own. */
const curl = (args: ReadonlyArray<string>, input = ""): Effect.Effect<Answer, Error> =>
  Effect.async((resume, signal) => {
    const options = { signal, maxBuffer: 50_000_000 }
    const child = execFile("curl", ["-sS", "-w", "\n%{http_code}", ...args], options, (error, out) => {
      const end = out.lastIndexOf("\n")
      const text = out.slice(0, end)
      resume(
        error === null
          ? Effect.succeed({ status: Number(out.slice(end + 1)), text, json: parse(text) })
          : Effect.fail(error)
      )
    })
    // curl may end without having read what it was not asked to read.
    child.stdin?.on("error", () => undefined)
    child.stdin?.end(input)
  })

interface Sent {
  readonly query?: { readonly [name: string]: string }
  readonly body?: unknown
}

interface Entry {
  readonly operation?: string
  readonly status?: number
}

const make = Effect.gen(function*() {
  const { first } = yield* launch(["--port", "0", "--speed", "60", "--rows", "3000"])
  const line: Line = JSON.parse(yield* Effect.promise(() => first))
  const login = ["-u", `${line.clientId}:${line.clientSecret}`, "-d", "grant_type=client_credentials"]
  const token = yield* curl([...login, `${line.url}/oauth/token`])
  assert.strictEqual(token.status, 200, token.text)

  const ask = (method: string, path: string, { body, query }: Sent = {}) => {
    const pairs = Object.entries({ ...query }).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`])
    return curl([
      "-X",
      method,
      "-H",
      `Authorization: Bearer ${token.json.accessToken}`,
      ...(pairs.length > 0 ? ["-G", ...pairs] : []),
      ...(body === undefined ? [] : ["-H", "Content-Type: application/json", "--data-binary", "@-"]),
      `${line.url}${path}`
    ], body === undefined ? "" : JSON.stringify(body))
  }

  const good = (method: string) => (path: string, sent: Sent = {}) =>
    Effect.map(ask(method, path, sent), ({ json, status, text }) => {
      assert.include([200, 201], status, `${method} ${path}: ${text.slice(0, 400)}`)
      return json
    })

  const control = (method: string, path: string, body?: object) =>
    Effect.map(
      curl([
        "-X",
        method,
        ...(body === undefined ? [] : ["-d", JSON.stringify(body)]),
        `${line.url.replace("/v1", "/__sandbox")}${path}`
      ]),
      ({ json, status, text }) => {
        assert.strictEqual(status, 200, text)
        return json
      }
    )

  const get = good("GET")

  /** The one of a list that has a name, blanks around it aside. */
  const named = (path: string, name: string) =>
    Effect.map(get(path), (list) => {
      const found = list.find((item: { name: string }) => item.name.trim() === name)
      assert.isDefined(found, `${name} in ${path}`)
      return found
    })

  return {
    token,
    ask,
    get,
    post: good("POST"),
    put: good("PUT"),
    patch: good("PATCH"),
    remove: good("DELETE"),
    named,
    statusOf: (method: string, path: string, sent: Sent = {}) =>
      Effect.map(ask(method, path, sent), ({ status }) => status),
    state: control("GET", "/state"),
    partner: (email: string, decision: string) => control("POST", "/partner", { email, decision }),
    later: (minutes: number) => control("POST", "/clock", { advance_seconds: minutes * 60 }),
    forget: control("DELETE", "/requests"),
    requests: Effect.map(control("GET", "/requests"), (list): ReadonlyArray<Entry> => list),
    /** Ids that one test leaves to the next. */
    ids: { cleanRoom: "", partner: "", credential: "", connection: "", dataset: "", question: "", copy: "" },
    exported: { schedule: "", job: "", destination: "" }
  }
})

type Session = Effect.Effect.Success<typeof make>

const Session = Context.GenericTag<Session>("test/Session")

/** The operations in the order in which they came in, the refused ones with their status, and repeats told once. */
const journey = (entries: ReadonlyArray<Entry>) =>
  entries
    .map(({ operation = "", status = 0 }) => status === 200 || status === 201 ? operation : `${operation} ${status}`)
    .filter((item, index, all) => item !== all[index - 1])

const shoppers = {
  title: "Shoppers by Tier",
  category: "Profile",
  description: "How many shoppers each tier has",
  isAnalytics: true,
  outputFormat: "REPORT",
  visualization: "NO_CHART",
  queryDetails: [{
    query: "SELECT @shoppers.@loyalty_tier AS tier, COUNT(*) AS people FROM @shoppers GROUP BY @shoppers.@loyalty_tier",
    cleanRoomType: "Hybrid",
    queryLanguage: "SQL"
  }],
  dataTypes: [{ macro: "shoppers", importDataType: "CRM" }],
  measures: [{ name: "people", type: "INTEGER", isIdentity: true, noise: false }],
  dimensions: [{ name: "tier", type: "STRING" }],
  settings: { queryValidation: true }
}

const autumn = {
  name: "Autumn Launch",
  description: "Shoppers of the autumn launch",
  startAt: "2026-01-01",
  type: "Hybrid",
  parameters: {
    REGION: "REGION_US",
    SUB_REGION: "SUB_REGION_EAST1",
    CLOUD: "CLOUD_GCP",
    ENABLE_EXPORT: "true",
    CROWD_SIZE: "25"
  }
}

const aws = [
  { name: "AWS_ACCESS_KEY_ID", value: "AKIAALDERPINE0000003" },
  { name: "AWS_SECRET_ACCESS_KEY", value: "synthetic/secret/of/a/shell/client/in/s3" },
  { name: "AWS_USER_ARN", value: "arn:aws:iam::000000000000:user/shell" },
  { name: "AWS_REGION", value: "us-east-1" }
]

const crmAt = (location: string, credentialId: string) => ({
  name: "CRM by Shell",
  category: "CRM",
  credentialId,
  dataType: { name: "CRM" },
  dataSource: { name: "CLIENT_AWS", displayName: "Client AWS S3" },
  dataSourceConfiguration: [{ name: "DataLocation", value: location }, { name: "FileFormat", value: "Parquet" }]
})

const email = "owen.marsh@kestrel.example"

const summer = "Fizzwell Summer Campaign"

const dates = { "exposures.date_start": "2025-01-01", "exposures.date_end": "2030-01-01" }

const isInstalled = spawnSync("curl", ["--version"]).error === undefined
if (!isInstalled) {
  if (process.env["CI"] === "true") throw new Error("The program curl is missing. With CI=true its tests must run")
  process.stderr.write("\nThe program curl is not installed: THE TESTS THAT NEED IT ARE SKIPPED\n\n")
}

describe.runIf(isInstalled)("curl against the sandbox", () => {
  layer(Layer.scoped(Session, make), { timeout: "60 seconds", excludeTestServices: true })((it) => {
    const follow = (
      title: string,
      operations: ReadonlyArray<string>,
      walk: (session: Session) => Effect.Effect<void, Error>
    ) =>
      it.effect(title, () =>
        Effect.gen(function*() {
          const session = yield* Session
          yield* session.forget
          yield* walk(session)
          assert.deepStrictEqual(journey(yield* session.requests), operations)
        }), 60_000)

    follow("creates a clean room", [
      "getCleanroomTypes",
      "getAllCleanrooms",
      "createCleanroom",
      "createCleanroom 409",
      "getCleanroomById",
      "updateCleanroom 400",
      "updateCleanroom",
      "getCleanroomById"
    ], ({ get, ids, post, put, statusOf }) =>
      Effect.gen(function*() {
        const types = yield* get("/cleanrooms/cleanroom-types")
        assert.include(types.map((item: { name: string }) => item.name), "Hybrid")
        const before = yield* get("/cleanrooms")
        assert.notInclude(before.map((item: { name: string }) => item.name), autumn.name)
        const made = yield* post("/cleanrooms", { body: autumn })
        assert.match(made.displayId, /^CR-\d{6}$/)
        assert.deepInclude(made, { status: "COMPLETE", cleanRoomParameters: { ENABLE_EXPORT: "true" } })
        assert.strictEqual(yield* statusOf("POST", "/cleanrooms", { body: autumn }), 409)
        ids.cleanRoom = made.id
        assert.deepStrictEqual(yield* get(`/cleanrooms/${made.id}`), made)
        const path = `/cleanrooms/${made.id}`
        assert.strictEqual(yield* statusOf("PUT", path, { body: { description: "All but its name" } }), 400)
        yield* put(path, { body: { ...autumn, description: "The whole object" } })
        assert.deepInclude(yield* get(path), { description: "The whole object", endAt: "" })
      }))

    follow("invites a partner and sees who comes", [
      "getAllCleanroomPartners",
      "listPartnerInvitationsForInviter",
      "addCleanroomPartner",
      "cancelPartnerInvitationById",
      "addCleanroomPartner",
      "cancelPartnerInvitationByEmail",
      "addCleanroomPartner",
      "addCleanroomPartner 400",
      "listPartnerInvitationsForInviter",
      "getAllCleanroomPartners",
      "getCleanroomPartnerById"
    ], ({ get, ids, later, partner, post, remove, statusOf }) =>
      Effect.gen(function*() {
        const path = `/cleanrooms/${ids.cleanRoom}`
        assert.deepStrictEqual(yield* get(`${path}/partners`), [])
        assert.deepStrictEqual(yield* get(`${path}/invitations`), [])
        const invite = { body: { partnerAdminEmail: email, invitationNote: "Join us" } }
        const { id } = yield* post(`${path}/partners`, invite)
        yield* remove(`${path}/invitations/${id}`)
        yield* post(`${path}/partners`, invite)
        yield* remove(`${path}/invitations`, { query: { partnerEmail: email } })
        yield* post(`${path}/partners`, invite)
        assert.strictEqual(yield* statusOf("POST", `${path}/partners`, invite), 400)
        const statuses = Effect.map(get(`${path}/invitations`), (list) =>
          list.map((item: { Status: string }) => item.Status))
        assert.deepStrictEqual(yield* statuses, ["PENDING"])
        yield* later(60)
        yield* partner(email, "accept")
        assert.deepStrictEqual(yield* statuses, ["ACCEPTED"])
        const [joined] = yield* get(`${path}/partners`)
        assert.deepInclude(joined, { name: "Kestrel Agency", userCount: 1 })
        assert.deepStrictEqual(yield* get(`${path}/partners/${joined.id}`), joined)
        ids.partner = joined.partnerOrganizationId
      }))

    follow("adds users and changes their roles", [
      "getAllOrganizationUsers",
      "getCleanroomRoles",
      "addCleanroomUser",
      "addCleanroomUser 409",
      "updateCleanroomUserRole",
      "getCleanroomUsers",
      "getAllCleanroomPartners",
      "getCleanroomPartnerRoles",
      "updateCleanroomPartnerUserRole 403"
    ], ({ get, ids, named, post, put, statusOf }) =>
      Effect.gen(function*() {
        const path = `/cleanrooms/${ids.cleanRoom}`
        const [, colleague] = yield* get("/users")
        const viewer = yield* named(`${path}/cleanRoomRoles`, "Viewer")
        const body = { email: colleague.user.email, role: "Administrator" }
        const added = yield* post(`${path}/users`, { body })
        assert.notStrictEqual(added.id, colleague.user.id)
        assert.strictEqual(yield* statusOf("POST", `${path}/users`, { body }), 409)
        yield* put(`${path}/users/${added.id}/cleanRoomRoles/${viewer.id}`)
        const users = yield* get(`${path}/users`)
        assert.deepStrictEqual(
          users.map((item: { role: { name: string } }) => item.role.name),
          ["Administrator", "Viewer"]
        )
        const [partner] = yield* get(`${path}/partners`)
        const [admin] = yield* get(`${path}/partners/${partner.id}/cleanRoomRoles`)
        const change = `${path}/partners/${partner.id}/users/${partner.cleanRoomUsers[0].id}/cleanRoomRoles/${admin.id}`
        assert.strictEqual(yield* statusOf("PUT", change), 403)
      }))

    follow("connects data and maps its fields", [
      "getCredentialSourceByName",
      "createOrganizationCredential",
      "getAllOrganizationCredentials",
      "getAllDataSources",
      "getAllDataTypes",
      "getAllDataSourceParameters",
      "createDataConnection",
      "getDataConnectionById",
      "updateDataConnection",
      "retryDataConnectionJob",
      "getDataConnectionById",
      "configureCleanroomDataset 400",
      "getAllIdentifierTypes",
      "getAllFieldConfigurations",
      "mapFieldConfigurations",
      "getDataConnectionById"
    ], ({ get, ids, later, named, post, put, statusOf }) =>
      Effect.gen(function*() {
        const kind = "AWS IAM User Credentials"
        const [source] = yield* get(`/credential-sources/credential-name/${encodeURIComponent(kind)}`)
        assert.lengthOf(source.credentialConfig, aws.length)
        const credential = yield* post("/organization-credentials", {
          body: { name: "Shell", credentialSourceName: kind, credentials: aws }
        })
        assert.notInclude(JSON.stringify(yield* get("/organization-credentials")), "synthetic/secret")
        const sources = yield* get("/data-sources")
        const s3 = sources.find((item: { displayName: string }) => item.displayName === "Client AWS S3")
        const crm = yield* named(`/data-sources/${s3.id}/data-types`, "CRM")
        const parameters = yield* get(`/data-sources/${s3.id}/data-types/${crm.id}/data-source-parameters`)
        assert.include(parameters.map((item: { name: string }) => item.name), "DataLocation")
        const made = yield* post("/data-connections", { body: crmAt("s3://elsewhere/retail_crm/", credential.id) })
        const path = `/data-connections/${made.id}`
        const stage = Effect.map(get(path), (json) => String(json.stage))
        yield* later(5)
        assert.strictEqual(yield* stage, "CONFIGURATION_FAILED")
        yield* put(path, { body: crmAt("s3://alder-pine-data/retail_crm/", credential.id) })
        assert.deepStrictEqual(yield* post(`${path}/retry`), { success: true })
        yield* later(5)
        assert.strictEqual(yield* stage, "MAPPING_REQUIRED")
        const early = `/cleanrooms/${ids.cleanRoom}/datasets/configure`
        assert.strictEqual(yield* statusOf("POST", `${early}?dataConnectionId=${made.id}`, { body: {} }), 400)
        const identifiers = yield* get("/identifier-types")
        assert.include(identifiers.map((item: { name: string }) => item.name), "Hashed Customer ID")
        const fields = yield* get(`${path}/field-configurations`)
        yield* post(`${path}/field-configurations`, {
          body: fields.map((field: { fieldName: string }) =>
            field.fieldName === "cid"
              ? { ...field, isPii: true, isUserIdField: true, identifierType: "Hashed Customer ID" }
              : field
          )
        })
        assert.strictEqual(yield* stage, "CONFIGURATION_COMPLETE")
        Object.assign(ids, { credential: credential.id, connection: made.id })
      }))

    follow("provisions a dataset", [
      "configureCleanroomDataset",
      "updateCleanroomDatasetById",
      "updateCleanroomDatasetPartnerAssignment",
      "getCleanroomDatasetById"
    ], ({ get, ids, post, put }) =>
      Effect.gen(function*() {
        const path = `/cleanrooms/${ids.cleanRoom}/datasets`
        const query = { dataConnectionId: ids.connection }
        const made = yield* post(`${path}/configure?dataConnectionId=${query.dataConnectionId}`, {
          body: { rampIDConsent: false }
        })
        yield* put(`${path}/${made.id}`, {
          body: {
            datasetFieldMappings: [{ fieldName: "email", isExcluded: true, rename: "" }],
            datasetFilters: [{ datasetFieldName: "age_band", operator: "NOT_EQUALS", values: ["65+"] }]
          }
        })
        yield* post(`${path}/partner-assignment`, { body: [{ datasetId: made.id, partnerCanAssign: true }] })
        const read = yield* get(`${path}/${made.id}`)
        assert.isTrue(read.partnerCanAssign)
        assert.notInclude(read.datasetFields.map((item: { name: string }) => item.name), "email")
        ids.dataset = made.id
      }))

    follow("adds a question of its own and one that exists", [
      "createQuestion",
      "getCleanroomQuestion",
      "getCleanroomQuestionById",
      "createCleanroomQuestionRun 412",
      "getAllCleanrooms",
      "getCleanroomAssetDetails",
      "addCleanroomQuestion",
      "addCleanroomQuestion 400",
      "getAllCleanroomQuestions"
    ], ({ get, ids, named, post, statusOf }) =>
      Effect.gen(function*() {
        const path = `/cleanrooms/${ids.cleanRoom}`
        const made = yield* post(`/question?cleanRoomID=${ids.cleanRoom}`, { body: { questionDetails: shoppers } })
        assert.isTrue(made.success)
        const { id } = yield* get(`${path}/questions/${made.questionID}`)
        assert.deepInclude(yield* get(`/cleanroom-questions/${id}`), {
          name: shoppers.title,
          status: "MISSING_DATASETS"
        })
        const early = yield* statusOf("POST", `/cleanroom-questions/${id}/create-run`, { body: { name: "Too early" } })
        assert.strictEqual(early, 412)
        const kestrel = yield* named("/cleanrooms", "Kestrel Reporting")
        const { questions } = yield* get(`/cleanrooms/${kestrel.id}/assets`)
        const weekly = questions.find((item: { title: string }) => item.title === "Weekly Sales by Category")
        const query = { questionId: weekly.ID, isEditable: "false" }
        const added = yield* post(`${path}/cleanroom-questions`, { query })
        assert.isFalse(added.isEditable)
        assert.strictEqual(yield* statusOf("POST", `${path}/cleanroom-questions`, { query }), 400)
        assert.lengthOf(yield* get(`${path}/cleanroom-questions`), 2)
        Object.assign(ids, { question: made.questionID, copy: id })
      }))

    follow("assigns datasets, ownership and permissions", [
      "getAllCleanroomQuestionDatasets",
      "getCleanroomStakeholders",
      "assignCleanroomQuestionDatasetsOwnership",
      "getCleanroomQuestionById",
      "assignCleanroomQuestionDatasetsOwnership",
      "assignCleanroomQuestionDatasetsOwnership 400",
      "getCleanroomQuestionDataTypeOptions",
      "configureCleanroomQuestionDatasets",
      "getAllCleanroomQuestionDatasets",
      "getCleanroomQuestionById",
      "getCleanroomQuestionPermissions",
      "configureCleanRoomQuestionPermissions",
      "getCleanroomQuestionPermissions"
    ], ({ get, ids, post, statusOf }) =>
      Effect.gen(function*() {
        const path = `/cleanroom-questions/${ids.copy}`
        const [binding] = yield* get(`${path}/datasets`)
        assert.deepInclude(binding, { macro: "shoppers", status: "UNASSIGNED" })
        const [owner, partner] = yield* get(`/cleanrooms/${ids.cleanRoom}/stakeholders`)
        assert.deepInclude(partner, { organizationId: ids.partner, ownership: "PARTNER" })
        const give = (organizationId: string) => ({
          query: { AssignCleanroomQuestionDatasetRequests: JSON.stringify({ organizationId, macro: "shoppers" }) }
        })
        const [given] = yield* post(`${path}/datasets-ownership`, give(partner.organizationId))
        assert.deepInclude(given, { organizationId: ids.partner, status: "UNASSIGNED" })
        const assignment = { body: [{ ...binding, datasetId: ids.dataset }] }
        assert.strictEqual((yield* get(path)).status, "MISSING_DATASETS")
        yield* post(`${path}/datasets-ownership`, give(owner.organizationId))
        assert.strictEqual(yield* statusOf("POST", `${path}/datasets-ownership`, give("a stranger")), 400)
        const [{ datasetOptions }] = yield* get(`${path}/data-type-options`, { query: { dataType: "CRM" } })
        assert.deepStrictEqual(datasetOptions, [{ id: ids.dataset, name: "CRM by Shell" }])
        yield* post(`${path}/datasets`, assignment)
        assert.deepInclude((yield* get(`${path}/datasets`))[0], { datasetId: ids.dataset, status: "ASSIGNED" })
        assert.strictEqual((yield* get(path)).status, "READY")
        const permissions = `${path}/cleanroom-question-permissions`
        const before = yield* get(permissions)
        const changed = { permission: "VIEW_CODE", access: "ALL_CLEAN_ROOM_PARTNERS" }
        yield* post(permissions, { query: { cleanroomQuestionPermissions: JSON.stringify([changed]) } })
        const after = yield* get(permissions)
        assert.notDeepEqual(after, before)
        assert.deepInclude(after.find((item: { permission: string }) => item.permission === "VIEW_CODE"), changed)
      }))

    follow("runs a question, polls it and reads what it found", [
      "getCleanroomQuestionParameters",
      "createCleanroomQuestionRun 400",
      "createCleanroomQuestionRun",
      "getCleanroomQuestionRunById",
      "getCleanroomQuestionRunData 404",
      "getCleanroomQuestionRunById",
      "getCleanroomQuestionRunDataCount",
      "getCleanroomQuestionRunData",
      "getCleanroomQuestionRunOutputFile",
      "getCleanroomQuestionRunAudit",
      "getCleanroomQuestionRunExplainPlan",
      "getCleanroomQuestionRunActivationSummaries",
      "getCleanroomQuestionRunPartitionParameters",
      "getAllCleanroomQuestionRuns"
    ], ({ get, ids, later, post, state, statusOf }) =>
      Effect.gen(function*() {
        const question = `/cleanroom-questions/${ids.copy}`
        assert.deepStrictEqual((yield* get(`${question}/cleanroom-question-parameters`)).parameters, [])
        const used = Effect.map(state, ({ budgets }) => Number(budgets.runStarts.used))
        const before = yield* used
        assert.strictEqual(yield* statusOf("POST", `${question}/create-run`, { body: { name: " " } }), 400)
        const started = yield* post(`${question}/create-run`, { body: { name: "By shell", parameters: {} } })
        assert.deepInclude(started, { name: "By shell", status: "QUEUED" })
        assert.strictEqual(yield* used, before + 2)
        const path = `/cleanroom-question-runs/${started.id}`
        yield* later(5)
        assert.strictEqual((yield* get(path)).status, "RUNNING")
        assert.strictEqual(yield* statusOf("GET", `${path}/data`), 404)
        yield* later(25)
        assert.strictEqual((yield* get(path)).status, "COMPLETED")
        const count = yield* get(`${path}/data/count`)
        assert.isAbove(count, 1)
        const { metadata, stats } = yield* get(`${path}/data`, { query: { limit: "1", offset: "1" } })
        assert.deepStrictEqual(metadata.map((item: { columnName: string }) => item.columnName), ["tier", "people"])
        assert.lengthOf(stats, 1)
        assert.isAtLeast(Number(stats[0].people), 25)
        const file: string = yield* get(`${path}/download/results.csv`)
        assert.lengthOf(file.trim().split("\n"), count + 1)
        const { auditDetails } = yield* get(`${path}/audit`)
        assert.strictEqual(auditDetails.at(-1).eventType, "RUN_COMPLETED")
        assert.isTrue((yield* get(`${path}/explain-plan`)).success)
        assert.deepStrictEqual((yield* get(`${path}/activation-summary`)).activationSummary, [])
        assert.deepStrictEqual(yield* get(`${path}/partition-parameters`), [])
        const runs = yield* get(`${question}/cleanroom-question-runs`, { query: { status: "COMPLETED" } })
        assert.deepStrictEqual(runs.map((item: { id: string }) => item.id), [started.id])
      }))

    follow("schedules a question, and it runs", [
      "createCleanroomQuestionRunSchedule",
      "getCleanroomQuestionRunScheduleById",
      "getAllCleanroomQuestionRuns",
      "patchCleanroomQuestionRunScheduleById",
      "getCleanroomQuestionRunSchedules"
    ], ({ exported, get, ids, later, patch, post, state }) =>
      Effect.gen(function*() {
        const question = `/cleanroom-questions/${ids.copy}`
        const path = `${question}/cleanroom-question-run-schedules`
        const startSchedule = new Date(Date.parse((yield* state).time) + 30 * 60_000).toISOString()
        const body = { name: "Daily", repeatFrequency: "DAILY", startSchedule, parameters: [] }
        const { id } = yield* post(path, { body })
        assert.deepInclude(yield* get(`${path}/${id}`), { startDateTime: startSchedule, active: true })
        const newest = Effect.map(get(`${question}/cleanroom-question-runs`), ([run]) => run)
        assert.strictEqual((yield* newest).name, "By shell")
        yield* later(65)
        const run = yield* newest
        assert.match(run.name, /^Daily \d{4}-\d{2}-\d{2}$/)
        assert.deepInclude(run, { status: "COMPLETED", submittedAt: startSchedule })
        yield* patch(`${path}/${id}`, { body: { ...body, repeatFrequency: "WEEKLY", daysOfWeek: ["MON"] } })
        const [changed] = yield* get(path)
        assert.deepInclude(changed, { repeatFrequency: "WEEKLY", daysOfWeek: ["MON"] })
        exported.schedule = id
      }))

    follow("shares results", [
      "getCleanroomQuestionResultShares",
      "upsertCleanRoomQuestionResultShares",
      "getCleanroomQuestionResultShares",
      "upsertCleanRoomQuestionResultShares",
      "getCleanroomQuestionResultShares"
    ], ({ get, ids, put }) =>
      Effect.gen(function*() {
        const path = `/cleanroom-questions/${ids.copy}/cleanroom-question-result-shares`
        const before = yield* get(path)
        assert.deepStrictEqual(before, [{ PartnerID: ids.partner }])
        assert.deepStrictEqual(yield* put(path, { body: before }), { success: true })
        const [share] = yield* get(path)
        assert.isString(share.PostRunQueryID)
        yield* put(path, { body: [] })
        assert.deepStrictEqual(yield* get(path), before)
      }))

    follow("exports what a run finds", [
      "listDestinationPartners",
      "createDestination",
      "createDataExportJobs 404",
      "listDestinations",
      "provisionCleanroomDestinations",
      "createDataExportJobs",
      "createCleanroomQuestionRun",
      "getDataExportJobRuns",
      "changeJobStatus",
      "getAllDataExportJobs",
      "getAllCleanrooms",
      "listCleanroomDestinations",
      "reviewDestinationProvisioningRequest",
      "listCleanroomDestinations"
    ], ({ exported, get, ids, later, named, patch, post, statusOf }) =>
      Effect.gen(function*() {
        const path = `/cleanrooms/${ids.cleanRoom}`
        const { partners } = yield* get("/destinations/partners")
        const s3 = partners.find((item: { name: string }) => item.name === "S3_EXPORT")
        const { ID } = yield* post("/destinations", {
          body: { name: "Shell drop", partner: { ID: s3.ID }, credential: { name: "Drop", credentials: aws } }
        })
        const order = {
          body: {
            cleanroomQuestionId: ids.copy,
            partnerAccountIds: [ID],
            exportParameters: [{ name: "S3_EXPORT_PATH", value: "s3://alder-pine-exports/shell/" }]
          }
        }
        assert.strictEqual(yield* statusOf("POST", `${path}/exports/jobs`, order), 404)
        yield* later(5)
        const { partnerAccounts } = yield* get("/destinations")
        const account = partnerAccounts.find((item: { ID: string }) => item.ID === ID)
        assert.strictEqual(account.configStatus, "CONFIG_CONFIGURED")
        yield* post(`${path}/destinations`, { body: { destinations: [ID] } })
        const [job] = yield* post(`${path}/exports/jobs`, order)
        yield* post(`/cleanroom-questions/${ids.copy}/create-run`, { body: { name: "For export" } })
        yield* later(45)
        const { jobRunsByDate: [day] } = yield* get(`/exports/jobs/${job}/runs`)
        assert.deepInclude(day.jobRuns[0], { status: "COMPLETE", jobRunType: "FULL_REFRESH" })
        yield* patch(`/exports/jobs/${job}/status`, { body: { status: "PAUSED" } })
        const [shown] = yield* get(`${path}/exports/jobs`)
        assert.deepInclude(shown, { ID: job, status: "PAUSED" })
        Object.assign(exported, { job, destination: ID })
        const { id } = yield* named("/cleanrooms", summer)
        const channels = Effect.map(get(`/cleanrooms/${id}/destinations`), (json): ReadonlyArray<any> =>
          json.partnerAccounts)
        const asked = (yield* channels).find((item) =>
          item.channelStatus === "PENDING_CHANNEL"
        ).partnerAccount.ID
        yield* post(`/cleanrooms/${id}/destinations/${asked}/provisioning-request/review`, {
          body: { decision: "APPROVE" }
        })
        const approved = (yield* channels).find((item) => item.partnerAccount.ID === asked)
        assert.deepInclude(approved, { ownership: "PARTNER", channelStatus: "ACTIVE_CHANNEL" })
      }))

    follow("sends a list on as a segment", [
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "enableCleanroomQuestionSegmentation 400",
      "enableCleanroomQuestionSegmentation",
      "updateCleanroomQuestionSegmentation",
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunActivationSummaries"
    ], ({ get, ids, named, post, put, statusOf }) =>
      Effect.gen(function*() {
        const { id } = yield* named("/cleanrooms", summer)
        const list = yield* named(`/cleanrooms/${id}/cleanroom-questions`, "Exposed Buyers - User List")
        const body = { assetDisplayName: "Buyers", rampID: "rampid" }
        const notAList = yield* statusOf("POST", `/cleanroom-questions/${ids.copy}/segmentation`, { body })
        assert.strictEqual(notAList, 400)
        const made = yield* post(`/cleanroom-questions/${list.id}/segmentation`, { body })
        const renamed = { body: { ...body, assetDisplayName: "Summer buyers" } }
        assert.strictEqual(
          (yield* put(`/cleanroom-questions/${list.id}/segmentation`, renamed)).assetId,
          made.assetId
        )
        const [run] = yield* get(`/cleanroom-questions/${list.id}/cleanroom-question-runs`, {
          query: { status: "COMPLETED", limit: "1" }
        })
        const { activationSummary } = yield* get(`/cleanroom-question-runs/${run.id}/activation-summary`)
        assert.strictEqual(activationSummary[0].activationChannel, "Summer buyers")
      }))

    follow("builds a flow, decides in it, runs, pauses, resumes and replays it", [
      "getAllCleanrooms",
      "getCleanroomAssetDetails",
      "createOrUpdateCleanroomFlow",
      "getDatasetOrganizations",
      "assignCleanroomFlowDatasets",
      "getCleanroomFlow",
      "createOrUpdateFlowDecisionConfiguration",
      "getFlowDecisionConfiguration",
      "previewFlowRunParameters",
      "createOrUpdateCleanroomFlowRun",
      "getCleanroomFlowRunStatus",
      "getCleanroomFlowRunReport 404",
      "resumeCleanroomFlowRun",
      "getCleanroomFlowRunStatus",
      "getCleanroomFlowRunOutputNodes",
      "getCleanroomFlowRunReport",
      "getCleanroomFlowRunNodeOutputFile",
      "replayCleanroomFlowRun",
      "getCleanroomFlowRunStatus",
      "createOrUpdateCleanroomFlow",
      "setCleanroomFlowVersion",
      "deleteFlowDecisionConfiguration",
      "listCleanroomFlows"
    ], ({ get, later, named, post, put, remove, statusOf }) =>
      Effect.gen(function*() {
        const { id } = yield* named("/cleanrooms", summer)
        const room = `/cleanrooms/${id}`
        const [people, mix] = ["Exposed Buyers - User List", "Segment Mix of a People List"]
        const { questions } = yield* get(`${room}/assets`)
        assert.includeMembers(questions.map((item: { title: string }) => item.title), [people, mix])
        const design = {
          flowName: "Buyers by Shell",
          nodes: [
            { nodeIdentifier: people, tags: "people" },
            { nodeIdentifier: mix, edges: [{ datasetMacro: "people", parentID: people }] }
          ]
        }
        const made = yield* post(`${room}/cleanroom-flows`, { body: design })
        assert.isTrue(made.success, made.message)
        const path = `${room}/cleanroom-flows/${made.flowID}`
        const names = ["Lumen Street Exposures", "Alder & Pine Transactions", "Lumen Street RampID Map"]
        const { datasetOrganizations } = yield* post(`${room}/dataset-organizations`, {
          body: { datasetIdentifiers: names }
        })
        assert.isTrue(datasetOrganizations.every((item: { found: boolean }) => item.found))
        const bind = (datasetMacro: string, datasetName: string) => ({ datasetMacro, datasetName })
        const assigned = yield* post(`${path}/assign-datasets`, {
          body: {
            nodeDatasets: [
              {
                nodeIdentifier: people,
                datasets: [
                  bind("exposures", "Lumen Street Exposures"),
                  bind("transactions", "Alder & Pine Transactions"),
                  bind("pubmap", "Lumen Street RampID Map")
                ]
              },
              { nodeIdentifier: mix, datasets: [bind("publisher_audience", "Lumen Street Audience")] }
            ]
          }
        })
        assert.isTrue(assigned.success, assigned.message)
        const { cleanRoomFlow } = yield* get(path)
        assert.strictEqual(cleanRoomFlow.stage, "READY")
        const [first, second] = cleanRoomFlow.flow.nodes
        const enough = [{ fieldName: "rampid", operator: "GREATER_THAN", aggregation: "COUNT", expectedValue: "0" }]
        yield* post(`${path}/decision-configurations`, {
          body: { decisionNodes: [{ nodeIdentifier: first.id, conditions: enough }] }
        })
        assert.strictEqual((yield* get(`${path}/decision-configurations`)).decisionNodes[0].nodeID, first.id)
        const preview = yield* post(`${path}/preview-flow-run-parameters`, { body: {} })
        assert.deepStrictEqual(
          preview.nodes.map((item: { nodeId: string }) => item.nodeId),
          [first.id, second.id]
        )
        const run = yield* post(`${path}/cleanroom-flow-runs`, {
          body: { name: "Shell", nodes: [{ nodeIdentifier: first.id, parameters: dates }], pauseLevelID: "1" }
        })
        const runPath = `${room}/cleanroom-flow-runs/${run.id}`
        const status = (of: string) => Effect.map(get(`${of}/status`), (json) => String(json.status))
        yield* later(40)
        assert.strictEqual(yield* status(runPath), "PAUSED")
        assert.strictEqual(yield* statusOf("GET", `${runPath}/report?node=${second.id}`), 404)
        assert.deepStrictEqual(yield* post(`${runPath}/resume-flow-run`, { body: {} }), { success: true })
        yield* later(40)
        assert.strictEqual(yield* status(runPath), "COMPLETED")
        const nodes = yield* get(`${runPath}/output-nodes`)
        assert.deepStrictEqual(
          nodes.map((item: { runStatus: string }) => item.runStatus),
          ["COMPLETED", "COMPLETED"]
        )
        const report = yield* get(`${runPath}/report?node=${second.id}`)
        assert.isAbove(report.count, 0)
        const file: string = yield* get(`${runPath}/node/${second.id}/download/results.csv`)
        assert.lengthOf(file.trim().split("\n"), report.count + 1)
        const again = yield* post(`${runPath}/replay-flow-run`, { body: { name: "Again", startLevelID: "1" } })
        yield* later(40)
        assert.strictEqual(yield* status(`${room}/cleanroom-flow-runs/${again.cleanRoomFlowRunID}`), "COMPLETED")
        yield* post(`${room}/cleanroom-flows`, { body: { ...design, createNewVersion: true } })
        assert.strictEqual((yield* put(`${path}/version/1`)).cleanRoomFlow.flowVersion, 1)
        yield* remove(`${path}/decision-configurations`)
        const { cleanRoomFlows } = yield* post(`${room}/cleanroom-flows/list`, {
          body: { limit: 5, search: design.flowName }
        })
        assert.lengthOf(cleanRoomFlows, 1)
      }))

    follow("takes everything away again, in the order that what is used allows", [
      "deleteCleanroomQuestionRunScheduleById",
      "deleteDestinationConnection 400",
      "deleteDataExportJob",
      "deprovisionCleanroomDestination",
      "deleteDestinationConnection",
      "deleteDataConnection 400",
      "deleteQuestion",
      "deleteCleanroomQuestion",
      "deleteQuestion",
      "deleteCleanroom",
      "getCleanroomById 404",
      "deleteOrganizationCredential 400",
      "deleteDataConnection",
      "deleteOrganizationCredential",
      "getDataConnectionById 404",
      "getOrganizationCredentialById 404",
      "getQuestionDetails 404",
      "getCleanroomQuestionById 404"
    ], ({ exported, ids, remove, statusOf }) =>
      Effect.gen(function*() {
        const success = (path: string) => Effect.map(remove(path), (json) => assert.isTrue(json.success, path))
        const room = `/cleanrooms/${ids.cleanRoom}`
        const question = `/cleanroom-questions/${ids.copy}`
        const destination = `/destinations/${exported.destination}`
        yield* remove(`${question}/cleanroom-question-run-schedules/${exported.schedule}`)
        assert.strictEqual(yield* statusOf("DELETE", destination), 400)
        yield* success(`/exports/jobs/${exported.job}`)
        yield* success(`${room}/destinations/${exported.destination}`)
        yield* success(destination)
        assert.strictEqual(yield* statusOf("DELETE", `/data-connections/${ids.connection}`), 400)
        assert.isFalse((yield* remove(`/question/${ids.question}`)).success)
        yield* success(question)
        yield* success(`/question/${ids.question}`)
        yield* success(room)
        assert.strictEqual(yield* statusOf("GET", room), 404)
        const credential = `/organization-credentials/${ids.credential}`
        assert.strictEqual(yield* statusOf("DELETE", credential), 400)
        yield* success(`/data-connections/${ids.connection}`)
        yield* success(credential)
        for (const path of [`/data-connections/${ids.connection}`, credential, `/question/${ids.question}`, question]) {
          assert.strictEqual(yield* statusOf("GET", path), 404)
        }
      }))
  })
})
