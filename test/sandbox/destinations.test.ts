import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Provisions from "../../src/sandbox/Provisions.js"
import { Refusal } from "../../src/sandbox/Refusal.js"
import { monday, start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"
const marketplace = "Lumen Street Audience Marketplace"

const aws = {
  AWS_ACCESS_KEY_ID: "AKIAALDERPINE0000002",
  AWS_SECRET_ACCESS_KEY: "synthetic/secret/of/a/destination/in/s3x",
  AWS_USER_ARN: "arn:aws:iam::000000000000:user/exports",
  AWS_REGION: "us-east-1"
}

const credentialOf = (name: string, values: Record<string, string>) => ({
  name,
  credentials: Object.entries(values).map(([name, value]) => ({ name, value: Redacted.make(value) }))
})

const begin = Effect.gen(function*() {
  const harness = yield* start({ speed: 1, rows: 500 })
  const { client, call } = harness
  const partnerId = (name: string) =>
    Effect.map(
      client.listDestinationPartners({}),
      ({ partners = [] }) => partners.find((partner) => partner.name === name)?.ID ?? ""
    )
  const make = (name: string, partner: string, more: Record<string, unknown> = {}) =>
    Effect.flatMap(partnerId(partner), (ID) => call("POST", "/destinations", { name, partner: { ID }, ...more }))
  const named = (name: string) =>
    Effect.map(
      client.listDestinations({ urlParams: {} }),
      ({ partnerAccounts = [] }) => partnerAccounts.find((account) => account.name === name)
    )
  const inRoom = (cleanroomId: string, name: string) =>
    Effect.map(
      client.listCleanroomDestinations({ path: { cleanroomId }, urlParams: {} }),
      ({ partnerAccounts = [] }) => partnerAccounts.find(({ partnerAccount }) => partnerAccount?.name === name)
    )
  const settle = harness.sandbox.clock.advance("5 minutes")
  return { ...harness, partnerId, make, named, inRoom, settle }
})

const s3 = {
  credential: { name: "Exports", credentials: Object.entries(aws).map(([name, value]) => ({ name, value })) }
}

describe("destinations", () => {
  it.scoped("are made with partners of a catalogue that says what each asks for", () =>
    Effect.gen(function*() {
      const { client } = yield* begin
      const { partners = [] } = yield* client.listDestinationPartners({})
      const sources = yield* client.getAllCredentialSources({})
      const bucket = partners.find(({ name }) => name === "S3_EXPORT")
      assert.deepInclude(bucket, {
        displayName: "AWS S3 Export",
        type: "EXPORTS",
        credentialSourceName: "AWS IAM User Credentials"
      })
      const asked = sources.find(({ name }) => name === "AWS IAM User Credentials")?.credentialConfig
      assert.deepStrictEqual(
        bucket?.partnerConfigArray?.map(({ name }) => name),
        asked?.map(({ name }) => name)
      )
      assert.deepStrictEqual(
        bucket?.partnerConfigArray?.filter(({ encrypted }) => encrypted).map(({ name }) => name),
        ["AWS_SECRET_ACCESS_KEY"]
      )
      assert.deepStrictEqual(
        [...new Set(partners.map(({ type }) => type))].sort(),
        ["EXPORTS", "OFFLINE_CONVERSIONS", "QUESTION_USER_LIST", "USER_LIST"]
      )
    }))

  it.scoped("are checked for some minutes and then configured; their secrets show nowhere", () =>
    Effect.gen(function*() {
      const { client, get, named, partnerId, settle } = yield* begin
      const made = yield* client.createDestination({
        payload: {
          name: "Weekly drop",
          partner: { ID: yield* partnerId("S3_EXPORT") },
          credential: credentialOf("Drop keys", aws)
        }
      })
      assert.strictEqual(made.configStatus, "CONFIG_PENDING")
      assert.strictEqual((yield* named("Weekly drop"))?.configStatus, "CONFIG_PENDING")
      yield* settle
      const done = yield* named("Weekly drop")
      assert.strictEqual(done?.configStatus, "CONFIG_CONFIGURED")
      assert.isUndefined(done?.errorMessage)
      assert.strictEqual(done?.timeAudit?.createdAt?.slice(0, 10), new Date(monday).toISOString().slice(0, 10))
      const { json: credentials } = yield* get("/organization-credentials")
      assert.include(credentials.map(({ id }: { id: string }) => id), done?.credential?.ID)
      const { text } = yield* get("/destinations")
      for (const secret of Object.values(aws)) assert.notInclude(text, secret)
    }))

  it.scoped("fail with a reason when the partner refuses what they were given, and recover with better", () =>
    Effect.gen(function*() {
      const { call, make, named, settle } = yield* begin
      const credential = {
        name: "Shop ads",
        credentials: [
          { name: "FACEBOOK_AD_ACCOUNT_ID", value: "act_990017" },
          { name: "FACEBOOK_ACCESS_TOKEN", value: "short" }
        ]
      }
      const { json: made } = yield* make("Shop ads", "FACEBOOK_CUSTOM_AUDIENCES", { credential })
      assert.strictEqual(made.configStatus, "CONFIG_PENDING")
      assert.isFalse("errorMessage" in made)
      yield* settle
      const failed = yield* named("Shop ads")
      assert.strictEqual(failed?.configStatus, "CONFIG_FAILED")
      assert.include(failed?.errorMessage, "token")
      const patch = (body: unknown) => call("PATCH", `/destinations/${made.ID}`, body)
      assert.strictEqual((yield* patch({ name: "Shop ads 2" })).json.partnerAccount.configStatus, "CONFIG_FAILED")
      const better = {
        ...credential,
        credentials: [
          { name: "FACEBOOK_AD_ACCOUNT_ID", value: "act_990017" },
          { name: "FACEBOOK_ACCESS_TOKEN", value: "synthetic-token-of-the-shop" }
        ]
      }
      assert.strictEqual(
        (yield* patch({ credential: better })).json.partnerAccount.configStatus,
        "CONFIG_PENDING"
      )
      yield* settle
      const recovered = yield* named("Shop ads 2")
      assert.strictEqual(recovered?.configStatus, "CONFIG_CONFIGURED")
      assert.isUndefined(recovered?.errorMessage)
    }))

  it.scoped("are checked anew when the credential that they share is replaced, and fail without it", () =>
    Effect.gen(function*() {
      const { call, make, named, sandbox, settle } = yield* begin
      const { json: first } = yield* make("First", "S3_EXPORT", s3)
      const { json: second } = yield* make("Second", "S3_EXPORT", { credential: { ID: first.credential.ID } })
      assert.deepStrictEqual(second.credential, { ID: first.credential.ID, name: "Exports" })
      yield* settle
      assert.strictEqual((yield* named("Second"))?.configStatus, "CONFIG_CONFIGURED")
      const replaced = yield* call("PUT", `/organization-credentials/${first.credential.ID}`, {
        name: "Exports",
        credentialSourceName: "AWS IAM User Credentials",
        credentials: Object.entries(aws).map(([name, value]) => ({ name, value }))
      })
      assert.strictEqual(replaced.status, 200)
      assert.strictEqual((yield* named("Second"))?.configStatus, "CONFIG_PENDING")
      yield* settle
      assert.strictEqual((yield* named("Second"))?.configStatus, "CONFIG_CONFIGURED")
      sandbox.world.credentials.remove(first.credential.ID)
      assert.strictEqual((yield* named("First"))?.configStatus, "CONFIG_FAILED")
    }))

  it.scoped("are refused without what their partner needs", () =>
    Effect.gen(function*() {
      const { call, make, get, named } = yield* begin
      const status = (answer: ReturnType<typeof make>) => Effect.map(answer, ({ status }) => status)
      const credentials = Object.entries(aws).map(([name, value]) => ({ name, value }))
      assert.strictEqual(yield* status(make(" ", "S3_EXPORT", s3)), 400)
      assert.strictEqual(yield* status(make("x", "S3_EXPORT")), 400)
      assert.strictEqual(yield* status(make("x", "S3_EXPORT", { credential: { credentials } })), 400)
      assert.strictEqual(
        yield* status(make("x", "S3_EXPORT", { credential: { name: "k", credentials: credentials.slice(1) } })),
        400
      )
      const stranger = [...credentials, { name: "projectId", value: "x" }]
      const refused = yield* make("x", "S3_EXPORT", { credential: { name: "k", credentials: stranger } })
      assert.strictEqual(refused.status, 400)
      assert.include(refused.json.message, "projectId")
      assert.strictEqual(yield* status(make("x", "S3_EXPORT", { ...s3, publicKey: "-----BEGIN X" })), 400)
      assert.strictEqual(yield* status(make("x", "S3_IAM_ROLE_EXPORT", s3)), 400)
      assert.strictEqual(yield* status(make("x", "S3_EXPORT", { credential: { ID: "unknown" } })), 404)
      const google = (yield* named("Report Archive (GCS)"))?.credential?.ID
      assert.strictEqual(yield* status(make("x", "S3_EXPORT", { credential: { ID: google } })), 400)
      assert.strictEqual((yield* call("POST", "/destinations", { name: "x", partner: { ID: "none" } })).status, 404)
      assert.strictEqual((yield* call("POST", "/destinations", { name: "x" })).status, 400)
      assert.strictEqual((yield* get("/destinations")).json.total, 4)
    }))

  it.scoped("take a public key where the partner does, and refuse one that is none", () =>
    Effect.gen(function*() {
      const { make, named, settle } = yield* begin
      const publicKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nsynthetic"
      yield* make("Good key", "S3_IAM_ROLE_EXPORT", { publicKey })
      yield* make("Bad key", "S3_IAM_ROLE_EXPORT", { publicKey: "ssh-rsa" })
      yield* settle
      const good = yield* named("Good key")
      assert.strictEqual(good?.configStatus, "CONFIG_CONFIGURED")
      assert.strictEqual(good?.publicKey, publicKey)
      assert.include((yield* named("Bad key"))?.errorMessage, "public key")
    }))

  it.scoped("are listed by page, with their total, and only one's own", () =>
    Effect.gen(function*() {
      const { call, client, get, sandbox } = yield* begin
      const all = yield* client.listDestinations({ urlParams: {} })
      assert.deepInclude(all, { total: 4, limit: 30, offset: 0 })
      const part = yield* client.listDestinations({ urlParams: { limit: 2, offset: 1 } })
      assert.deepInclude(part, { total: 4, limit: 2, offset: 1 })
      assert.deepStrictEqual(
        part.partnerAccounts?.map(({ ID }) => ID),
        all.partnerAccounts?.slice(1, 3).map(({ ID }) => ID)
      )
      for (const query of ["limit=0", "limit=101", "offset=-1"]) {
        assert.strictEqual((yield* get(`/destinations?${query}`)).status, 400)
      }
      const other = sandbox.world.destinations.find(({ name }) => name === "Fizzwell Customer Match")
      assert.strictEqual((yield* call("PATCH", `/destinations/${other?.id}`, { name: "mine" })).status, 404)
      assert.strictEqual((yield* call("DELETE", `/destinations/${other?.id}`)).status, 404)
    }))

  it.scoped("are gone once deleted, from their clean rooms too, unless an export job uses them", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, client, inRoom, named } = yield* begin
      const room = yield* cleanRoomId(summer)
      const facebook = yield* named("Alder & Pine Facebook Ads ")
      assert.isDefined(yield* inRoom(room, "Alder & Pine Facebook Ads "))
      const path = { partnerAccountId: facebook?.ID ?? "" }
      assert.deepStrictEqual(yield* client.deleteDestinationConnection({ path }), { success: true })
      assert.isUndefined(yield* named("Alder & Pine Facebook Ads "))
      assert.isUndefined(yield* inRoom(room, "Alder & Pine Facebook Ads "))
      assert.strictEqual((yield* call("DELETE", `/destinations/${facebook?.ID}`)).status, 404)
      const used = yield* call("DELETE", `/destinations/${(yield* named("Alder & Pine S3 Exports"))?.ID}`)
      assert.strictEqual(used.status, 400)
      assert.include(used.json.message, "export job")
    }))

  it.scoped("tell how many jobs they have and how the latest run of each went", () =>
    Effect.gen(function*() {
      const { cleanRoomId, client, get, inRoom, named } = yield* begin
      const bucket = yield* named("Alder & Pine S3 Exports")
      assert.deepStrictEqual(bucket?.jobCount, [{ jobType: "EXPORTS", count: 3 }])
      assert.deepInclude(bucket?.latestJobRunStatusCount, { numSuccess: 1, numFailed: 1, numQueued: 0 })
      const room = yield* cleanRoomId(summer)
      assert.deepInclude(
        (yield* inRoom(room, "Alder & Pine S3 Exports"))?.partnerAccount?.latestJobRunStatusCount,
        { numSuccess: 1, numFailed: 1 }
      )
      const recent = yield* client.listCleanroomDestinations({
        path: { cleanroomId: room },
        urlParams: { latestJobDays: 1 }
      })
      assert.deepInclude(recent.partnerAccounts?.[0]?.partnerAccount?.latestJobRunStatusCount, {
        numSuccess: 0,
        numFailed: 0
      })
      assert.strictEqual((yield* get(`/cleanrooms/${room}/destinations?latestJobDays=0`)).status, 400)
    }))
})

describe("destinations in clean rooms", () => {
  it.scoped("are active at once in one's own, and can be taken out again", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, client, inRoom, make } = yield* begin
      const cleanroomId = yield* cleanRoomId("Holiday Planning")
      const { json: made } = yield* make("Holiday drop", "S3_EXPORT", s3)
      const provision = client.provisionCleanroomDestinations({
        path: { cleanroomId },
        payload: { destinations: [made.ID] }
      })
      const [first] = yield* provision
      assert.deepInclude(first, { cleanroomId, partnerAccountId: made.ID, channelStatus: "ACTIVE_CHANNEL" })
      assert.deepStrictEqual(yield* provision, [first ?? {}])
      const here = yield* inRoom(cleanroomId, "Holiday drop")
      assert.deepInclude(here, {
        ownership: "OWNER",
        channelStatus: "ACTIVE_CHANNEL",
        isUsedForActivation: false
      })
      const path = `/cleanrooms/${cleanroomId}/destinations/${made.ID}`
      assert.deepStrictEqual((yield* call("DELETE", path)).json, { success: true })
      assert.isUndefined(yield* inRoom(cleanroomId, "Holiday drop"))
      assert.strictEqual((yield* call("DELETE", path)).status, 404)
    }))

  it.scoped("of a partner wait for the owner, who approves", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, inRoom, sandbox } = yield* begin
      const cleanroomId = yield* cleanRoomId(summer)
      const waiting = yield* inRoom(cleanroomId, "Fizzwell Customer Match")
      assert.deepInclude(waiting, { ownership: "PARTNER", channelStatus: "PENDING_CHANNEL" })
      assert.isUndefined(waiting?.partnerAccount?.credential)
      const path = `/cleanrooms/${cleanroomId}/destinations/${waiting?.partnerAccount?.ID}`
      const review = (decision: string) => call("POST", `${path}/provisioning-request/review`, { decision })
      assert.strictEqual((yield* review("MAYBE")).status, 400)
      assert.deepStrictEqual((yield* review("APPROVE")).json, { success: true })
      assert.strictEqual((yield* inRoom(cleanroomId, "Fizzwell Customer Match"))?.channelStatus, "ACTIVE_CHANNEL")
      assert.strictEqual((yield* review("REJECT")).status, 400)
      assert.strictEqual((yield* call("DELETE", path)).status, 403)
      const unknown = `/cleanrooms/${cleanroomId}/destinations/unknown`
      assert.strictEqual(
        (yield* call("POST", `${unknown}/provisioning-request/review`, { decision: "APPROVE" })).status,
        404
      )
      assert.strictEqual((yield* call("DELETE", unknown)).status, 404)
      const partner = sandbox.world.partners.find((row) =>
        row.cleanRoomId === cleanroomId && sandbox.world.organizations.get(row.organizationId)?.party === "brand"
      )
      yield* call("DELETE", `/cleanrooms/${cleanroomId}/partners/${partner?.id}`)
      assert.isUndefined(yield* inRoom(cleanroomId, "Fizzwell Customer Match"))
    }))

  it.scoped("of one's own wait for another's approval elsewhere, and may be asked for again when rejected", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, inRoom, named, sandbox } = yield* begin
      const { world } = sandbox
      const room = yield* cleanRoomId(marketplace)
      const ID = (yield* named("Alder & Pine S3 Exports"))?.ID ?? ""
      const ask = Effect.map(
        call("POST", `/cleanrooms/${room}/destinations`, { destinations: [ID] }),
        ({ json }) => json[0].channelStatus
      )
      assert.strictEqual(yield* ask, "PENDING_CHANNEL")
      assert.strictEqual((yield* inRoom(room, "Alder & Pine S3 Exports"))?.ownership, "PARTNER")
      const own = `/cleanrooms/${room}/destinations/${ID}/provisioning-request/review`
      assert.strictEqual((yield* call("POST", own, { decision: "APPROVE" })).status, 403)
      const decide = (decision: "APPROVE" | "REJECT") =>
        Effect.suspend(() => {
          const provision = world.provisions.get(`${room}/${ID}`)
          return provision === undefined
            ? Effect.dieMessage("not asked for")
            : Provisions.review(world, provision, decision)
        })
      yield* decide("REJECT")
      assert.strictEqual((yield* inRoom(room, "Alder & Pine S3 Exports"))?.channelStatus, "REJECTED_CHANNEL")
      assert.strictEqual(yield* ask, "PENDING_CHANNEL")
      yield* decide("APPROVE")
      assert.strictEqual(yield* ask, "ACTIVE_CHANNEL")
      assert.instanceOf(yield* Effect.flip(decide("REJECT")), Refusal)
    }))

  it.scoped("stay while an export job sends to them", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, client, inRoom } = yield* begin
      const cleanroomId = yield* cleanRoomId(summer)
      const used = yield* inRoom(cleanroomId, "Alder & Pine Activation")
      assert.isTrue(used?.isUsedForActivation)
      const path = `/cleanrooms/${cleanroomId}/destinations/${used?.partnerAccount?.ID}`
      const refused = yield* call("DELETE", path)
      assert.strictEqual(refused.status, 400)
      assert.include(refused.json.message, "in use")
      const jobs = yield* client.getAllDataExportJobs({ path: { cleanroomId } })
      const job = jobs.find(({ partnerAccount }) => partnerAccount?.ID === used?.partnerAccount?.ID)
      assert.strictEqual((yield* call("DELETE", `/exports/jobs/${job?.ID}`)).status, 200)
      assert.isFalse((yield* inRoom(cleanroomId, "Alder & Pine Activation"))?.isUsedForActivation)
      assert.strictEqual((yield* call("DELETE", path)).status, 200)
      assert.isUndefined(yield* inRoom(cleanroomId, "Alder & Pine Activation"))
    }))

  it.scoped("are listed by page and by type of partner", () =>
    Effect.gen(function*() {
      const { cleanRoomId, client, get } = yield* begin
      const path = { cleanroomId: yield* cleanRoomId(summer) }
      const all = yield* client.listCleanroomDestinations({ path, urlParams: {} })
      assert.deepInclude(all, { total: 4, limit: 30, offset: 0 })
      const stores = yield* client.listCleanroomDestinations({ path, urlParams: { type: "EXPORTS" } })
      assert.deepStrictEqual(
        stores.partnerAccounts?.map(({ partnerAccount }) => partnerAccount?.partner?.type),
        ["EXPORTS"]
      )
      assert.strictEqual(stores.total, 1)
      const second = yield* client.listCleanroomDestinations({ path, urlParams: { limit: 1, offset: 1 } })
      assert.deepStrictEqual(second.partnerAccounts, all.partnerAccounts?.slice(1, 2))
      assert.strictEqual((yield* get(`/cleanrooms/${path.cleanroomId}/destinations?limit=101`)).status, 400)
    }))

  it.scoped("cannot be brought into an ended, a foreign or an unknown clean room, nor be another's", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, named, sandbox } = yield* begin
      const ID = (yield* named("Alder & Pine S3 Exports"))?.ID
      const provision = (room: string, destinations: ReadonlyArray<unknown> = [ID]) =>
        Effect.map(call("POST", `/cleanrooms/${room}/destinations`, { destinations }), ({ status }) => status)
      assert.strictEqual(yield* provision(yield* cleanRoomId("Spring Launch")), 403)
      const foreign = sandbox.world.cleanRooms.find(({ name }) => name === "Northwind Shopper Panel")?.id ?? ""
      assert.strictEqual(yield* provision(foreign), 404)
      assert.strictEqual((yield* call("GET", `/cleanrooms/${foreign}/destinations`)).status, 404)
      const room = yield* cleanRoomId(summer)
      assert.strictEqual(yield* provision(room, []), 400)
      const brands = sandbox.world.destinations.find(({ name }) => name === "Fizzwell Customer Match")
      assert.strictEqual(yield* provision(room, [brands?.id]), 404)
      assert.strictEqual(yield* provision(room, [ID, "unknown"]), 404)
    }))
})
