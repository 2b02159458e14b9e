import { assert, it as plain, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../src/habu/HabuClient.js"
import { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as ManagePermissions from "../../src/workflows/ManagePermissions.js"
import * as Reading from "../../src/workflows/Reading.js"
import * as ShareResults from "../../src/workflows/ShareResults.js"
import * as Truth from "../support/Truth.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const room = "Fizzwell Summer Campaign"
const hero = Seed.hero
const brand = "Fizzwell Beverages"

const manage = (input: ManagePermissions.Input) =>
  Effect.flatMap(ManagePermissions.run({ clean_room: room, ...input }), Schema.encode(ManagePermissions.Output))

const share = (input: ShareResults.Input) =>
  Effect.flatMap(ShareResults.run({ question: hero, ...input }), Schema.encode(ShareResults.Output))

const rowOf = (question: string) =>
  Effect.gen(function*() {
    const { world } = yield* Sandbox.Sandbox
    const directory = yield* HabuDirectory
    const placed = yield* directory.question(question, yield* directory.cleanRoom(room))
    return world.cleanRoomQuestions.get(placed.question.id)
  })

const accessOf = (question: string, permission: string) =>
  Effect.map(rowOf(question), (row) => row?.permissions.find((one) => one.permission === permission)?.access)

const sharedWith = Effect.gen(function*() {
  const { world } = yield* Sandbox.Sandbox
  const row = yield* rowOf(hero)
  return (row?.shares ?? []).map(({ partnerId }) => world.organizations.get(partnerId)?.name ?? "").sort()
})

const results = (answer: { readonly steps?: ReadonlyArray<{ readonly step: string; readonly result: string }> }) =>
  (answer.steps ?? []).map(({ result }) => result)

layer(WorkflowStack.layer(), { excludeTestServices: true })("manage_permissions against the sandbox", (it) => {
  it.effect("reports who may see and run what, each question with its rights, each party with its people", () =>
    Effect.gen(function*() {
      const answer = yield* manage({ detail: "full" })
      const directory = yield* HabuDirectory
      const questions = yield* directory.questions(yield* directory.cleanRoom(room))
      assert.deepStrictEqual([answer.status, answer.questions?.length], ["done", questions.length])
      for (const { question } of questions) {
        const view = answer.questions?.find((one) => one.question.includes(question.displayId ?? "?"))
        const row = yield* rowOf(question.id)
        for (const { access, permission } of row?.permissions ?? []) {
          const place = access === "ALL_CLEAN_ROOM_PARTNERS" ? view?.partners_may : view?.owner_only
          if (permission !== "IN_PROGRESS") assert.include(place, permission)
        }
      }
      const owner = answer.parties?.find(({ side }) => side === "owner")
      assert.isTrue(owner?.people?.some((person) => person.includes("(Administrator)")))
      assert.deepStrictEqual(answer.parties?.filter(({ side }) => side === "partner").length, 2)
      assert.isBelow(JSON.stringify(yield* manage({})).length / 4, 4_000)
    }))

  it.effect("a room with a denied part shows it as denied", () =>
    Effect.gen(function*() {
      const answer = yield* manage({ clean_room: "Kestrel Reporting" })
      assert.strictEqual(answer.status, "partial")
      assert.match(answer.denied?.join() ?? "", /partners: denied/)
    }))

  it.effect("sets permissions of several questions, once, with before and after in the audit", () =>
    Effect.gen(function*() {
      const input = { questions: [hero], permissions: { VIEW_CODE: "partners", clone: "partners" } } as const
      const [plan, none] = yield* WorkflowStack.writesOf(manage({ ...input, dry_run: true }))
      assert.deepStrictEqual([results(plan), none], [["planned"], []])
      assert.match(plan.steps?.[0]?.detail ?? "", /VIEW_CODE from owner to partners.*Needs agreement/)
      const [answer, sent] = yield* WorkflowStack.writesOf(manage(input))
      assert.deepStrictEqual([answer.status, sent], ["done", ["configureCleanRoomQuestionPermissions"]])
      assert.strictEqual(yield* accessOf(hero, "VIEW_CODE"), "ALL_CLEAN_ROOM_PARTNERS")
      const [again, nothing] = yield* WorkflowStack.writesOf(manage(input))
      assert.deepStrictEqual([again.status, results(again), nothing], ["done", ["skipped"], []])
      yield* manage({ questions: [hero], permissions: { VIEW_CODE: "owner", CLONE: "owner" } })
      const { changes } = yield* manage({ action: "audit" })
      assert.deepStrictEqual(changes?.map(({ after, before }) => [before, after]).slice(0, 2), [
        ["{\"VIEW_CODE\":\"partners\",\"CLONE\":\"partners\"}", "{\"VIEW_CODE\":\"owner\",\"CLONE\":\"owner\"}"],
        ["{\"VIEW_CODE\":\"owner\",\"CLONE\":\"owner\"}", "{\"VIEW_CODE\":\"partners\",\"CLONE\":\"partners\"}"]
      ])
      assert.include(changes?.[0]?.target, hero)
      assert.match(changes?.[0]?.request_id ?? "", /./)
    }))

  it.effect("refuses permissions and fields that there are not, and sends nothing", () =>
    Effect.gen(function*() {
      const [wrong, none] = yield* WorkflowStack.writesOf(
        Effect.flip(manage({ questions: [hero], permissions: { SEE_ALL: "partners" } }))
      )
      assert.match(wrong.message, /"SEE_ALL".*RUN, VIEW_RESULTS/)
      const { world } = yield* Sandbox.Sandbox
      const directory = yield* HabuDirectory
      const { id } = yield* directory.cleanRoom(room)
      const [own] = world.datasets.where((row) => row.cleanRoomId === id)
      const field = yield* Effect.flip(manage({ dataset: own?.name ?? "", exclude_fields: ["no_such_field"] }))
      assert.match(field.message, /exclude_fields names "no_such_field"/)
      assert.deepStrictEqual(none, [])
    }))

  it.effect("hides and renames fields and filters rows of a dataset, and reads it back", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const directory = yield* HabuDirectory
      const { id } = yield* directory.cleanRoom(room)
      const own = world.datasets.where((row) =>
        row.cleanRoomId === id && row.organizationId === world.organizationId
      )[0]
      const name = own?.name.trim() ?? ""
      const habu = yield* HabuClient
      const read = habu.getCleanroomDatasetById({ path: { cleanroomId: id, datasetId: own?.id ?? "" } })
      const mayAssign = (yield* read).partnerCanAssign === true
      const [field = "", other = ""] = ((yield* read).datasetFieldMappings ?? []).map(({ fieldName = "" }) => fieldName)
      const input = {
        dataset: name,
        exclude_fields: [field],
        rename: { [other]: "shown_as" },
        partners_may_assign: !mayAssign,
        filters: [{ field: other, operator: "NOT_EQUALS", values: ["x"] }]
      } as const
      const answer = yield* manage(input)
      assert.deepStrictEqual([answer.status, results(answer)], ["done", ["done", "done"]], JSON.stringify(answer))
      yield* Reading.anew
      const now = yield* read
      assert.strictEqual(now.partnerCanAssign, !mayAssign)
      const mapping = (name: string) => now.datasetFieldMappings?.find(({ fieldName }) => fieldName === name)
      assert.deepStrictEqual([mapping(field)?.isExcluded, mapping(other)?.rename], [true, "shown_as"])
      assert.deepStrictEqual(now.datasetFilters?.map(({ operator, values }) => [operator, values]), [
        ["NOT_EQUALS", ["x"]]
      ])
      const [again, none] = yield* WorkflowStack.writesOf(manage(input))
      assert.deepStrictEqual([again.status, none], ["done", []])
      const back = yield* manage({ dataset: name, include_fields: [field], filters: [], dry_run: true })
      assert.match(back.steps?.[0]?.detail ?? "", /Needs agreement \(privacy-lowering\)/)
    }))

  it.effect("lets people in, changes their role, takes them out, and never doubles", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const directory = yield* HabuDirectory
      const { id } = yield* directory.cleanRoom(room)
      const inside = () => world.cleanRoomUsers.where((row) => row.cleanRoomId === id).map(({ personId }) => personId)
      const outsider = world.people.find((person) =>
        person.organizationId === world.organizationId && !inside().includes(person.id)
      )
      const email = outsider?.email ?? ""
      assert.strictEqual((yield* manage({ user: email, role: "viewer" })).status, "done")
      assert.include(inside(), outsider?.id)
      assert.deepStrictEqual(results(yield* manage({ user: email, role: "Viewer" })), ["skipped"])
      const raised = yield* manage({ user: email, role: "Administrator", dry_run: true })
      assert.match(raised.steps?.[0]?.detail ?? "", /from Viewer to Administrator.*privacy-lowering/)
      assert.strictEqual((yield* manage({ user: email, role: "none" })).status, "done")
      assert.notInclude(inside(), outsider?.id)
      const stranger = yield* Effect.flip(manage({ user: "nobody@nowhere.test", role: "Viewer" }))
      assert.match(stranger.message, /neither in the clean room nor a user of the organisation/)
    }))
})

plain.live("taking out one of a partner's people is refused where nobody can be asked", () =>
  Effect.gen(function*() {
    const [answer, sent] = yield* WorkflowStack.writesOf(
      manage({ user: "dana.whitfield@fizzwell.example", role: "none" })
    )
    assert.deepStrictEqual([answer.status, sent], ["denied", []])
    assert.include(answer.summary, "--allow-destructive")
  }).pipe(Effect.provide(Layer.fresh(WorkflowStack.layer({ confirmation: {} })))))

plain.live(
  "widening waits for agreement; its code does not fit once the rights changed in between",
  () =>
    Effect.gen(function*() {
      const input = { questions: [hero], permissions: { VIEW_CODE: "partners", CLONE: "partners" } } as const
      const waiting = yield* manage(input)
      assert.strictEqual(waiting.status, "needs_confirmation")
      const { world } = yield* Sandbox.Sandbox
      const row = yield* rowOf(hero)
      if (row !== undefined) {
        world.cleanRoomQuestions.put({
          ...row,
          permissions: row.permissions.map((one) =>
            one.permission === "CLONE" ? { ...one, access: "ALL_CLEAN_ROOM_PARTNERS" } : one
          )
        })
      }
      const error = yield* Effect.flip(manage({ ...input, confirmation: waiting.confirmation?.code ?? "" }))
      assert.match(error.message, /another change/)
      assert.strictEqual(yield* accessOf(hero, "VIEW_CODE"), "QUESTION_OWNER_ONLY")
    }).pipe(Effect.provide(Layer.fresh(WorkflowStack.layer({ confirmation: {} }))))
)

layer(WorkflowStack.layer(), { excludeTestServices: true })("share_results against the sandbox", (it) => {
  it.effect("lists whom results can be shared with, and asks whom", () =>
    Effect.gen(function*() {
      const answer = yield* share({})
      assert.deepStrictEqual(answer.shares?.map(({ partner, shared }) => [partner, shared]), [
        [brand, false],
        ["Lumen Street Media", false]
      ])
      const asking = yield* share({ action: "share" })
      assert.strictEqual(asking.status, "needs_input")
      assert.include(asking.summary, brand)
    }))

  it.effect("shares, adds, takes back, with the right to see results, and tells when", () =>
    Effect.gen(function*() {
      yield* manage({ questions: [hero], permissions: { VIEW_RESULTS: "owner" } })
      const [plan, none] = yield* WorkflowStack.writesOf(share({ action: "share", partners: [brand], dry_run: true }))
      assert.deepStrictEqual([results(plan), none], [["planned", "planned"], []])
      const first = yield* share({ action: "share", partners: [brand] })
      assert.deepStrictEqual([first.status, results(first)], ["done", ["done", "done"]])
      assert.strictEqual(yield* accessOf(hero, "VIEW_RESULTS"), "ALL_CLEAN_ROOM_PARTNERS")
      assert.deepStrictEqual(yield* sharedWith, [brand])
      yield* share({ action: "share", partners: ["lumen street media"] })
      assert.deepStrictEqual(yield* sharedWith, [brand, "Lumen Street Media"])
      const [again, nothing] = yield* WorkflowStack.writesOf(share({ action: "share", partners: ["all"] }))
      assert.deepStrictEqual([again.status, nothing], ["done", []])
      const back = yield* share({ action: "revoke", partners: [brand] })
      assert.strictEqual(back.status, "done")
      assert.deepStrictEqual(yield* sharedWith, ["Lumen Street Media"])
      const tracked = yield* share({ action: "track" })
      assert.deepInclude(tracked.history?.map(({ after, before }) => [before, after]) ?? [], [
        `${brand}, Lumen Street Media`,
        "Lumen Street Media"
      ])
      const stranger = yield* Effect.flip(share({ action: "share", partners: ["Nobody Inc"] }))
      assert.match(stranger.message, /Nobody Inc/)
    }))
})

const narrowed = manage({ questions: [hero], permissions: { VIEW_RESULTS: "owner" } })

const told = (input: ManagePermissions.Input) => ({ call: manage(input), dry: manage({ ...input, dry_run: true }) })

const sandboxWorld = Effect.map(Sandbox.Sandbox, ({ world }) => world)

const roomId = Effect.flatMap(HabuDirectory, (directory) => Effect.map(directory.cleanRoom(room), ({ id }) => id))

const shares = (question: string) => Effect.map(rowOf(question), (row) => row?.shares.length)

/** Somebody of an organisation, in the clean room where a role is named. */
const hasPerson = (name: string, organization: string | undefined, roleName?: string) =>
  Effect.gen(function*() {
    const { cleanRoomUsers, organizations, people, roles, ...own } = yield* sandboxWorld
    const cleanRoomId = yield* roomId
    const organizationId = organizations.find((one) => one.name === organization)?.id ?? own.organizationId
    people.put({ id: name, organizationId, name, email: `${name}@truth.example`, roleName: "Business Analyst" })
    const ofSide = roles.where((role) => role.cleanRoomId === cleanRoomId && role.organizationId === organizationId)
    const like = ofSide[0] ?? assert.fail("the seed changed")
    const role = roleName === undefined
      ? undefined
      : ofSide.find((role) => role.name === roleName) ?? roles.put({ ...like, id: roleName, name: roleName })
    if (role === undefined) return
    cleanRoomUsers.put({ id: name, cleanRoomId, personId: name, roleId: role.id, createdAt: 0, updatedAt: 0 })
  })

const roleOf = (name: string) =>
  Effect.map(
    sandboxWorld,
    ({ cleanRoomUsers, roles }) =>
      roles.get(cleanRoomUsers.find(({ personId }) => personId === name)?.roleId ?? "")?.name ?? "out"
  )

const device = "Reach by Device"
const ours = undefined

const dataset = Effect.gen(function*() {
  const cleanRoomId = yield* roomId
  const { datasets, organizationId } = yield* sandboxWorld
  const row = datasets.find((one) => one.cleanRoomId === cleanRoomId && one.organizationId === organizationId)
  return { excluded: row?.excluded, partnerCanAssign: row?.partnerCanAssign, name: row?.name ?? "" }
})

const byUser = (name: string, role: string) => told({ user: `${name}@truth.example`, role })

Truth.together("the truth about rights and shares", [
  {
    name: "permissions of a question",
    ...told({ questions: [device], permissions: { VIEW_CODE: "partners" } }),
    holds: accessOf(device, "VIEW_CODE"),
    holdsStep: () => Effect.map(accessOf(device, "VIEW_CODE"), (access) => access === "ALL_CLEAN_ROOM_PARTNERS"),
    writes: ["configureCleanRoomQuestionPermissions"]
  },
  {
    name: "what is seen of a dataset",
    before: Effect.gen(function*() {
      const cleanRoomId = yield* roomId
      const { datasets, organizationId } = yield* sandboxWorld
      const row = datasets.find((one) => one.cleanRoomId === cleanRoomId && one.organizationId === organizationId)
      if (row !== undefined) datasets.put({ ...row, partnerCanAssign: false })
    }),
    call: Effect.flatMap(
      dataset,
      ({ name }) => manage({ dataset: name, exclude_fields: ["loyalty_tier"], partners_may_assign: true })
    ),
    holds: dataset,
    holdsStep: (step) =>
      Effect.map(dataset, ({ excluded, partnerCanAssign }) =>
        step.startsWith("fields")
          ? excluded?.includes("loyalty_tier")
          : partnerCanAssign),
    writes: ["updateCleanroomDatasetById", "updateCleanroomDatasetPartnerAssignment"]
  },
  {
    name: "letting a colleague in",
    before: hasPerson("newcomer", ours),
    ...byUser("newcomer", "Viewer"),
    holds: roleOf("newcomer"),
    holdsStep: () => Effect.map(roleOf("newcomer"), (role) => role === "Viewer"),
    writes: ["addCleanroomUser"]
  },
  {
    name: "a colleague's role",
    before: hasPerson("rising", ours, "Viewer"),
    ...byUser("rising", "Administrator"),
    holds: roleOf("rising"),
    holdsStep: () => Effect.map(roleOf("rising"), (role) => role === "Administrator"),
    writes: ["updateCleanroomUserRole"]
  },
  {
    name: "taking a colleague out",
    before: hasPerson("leaving", ours, "Viewer"),
    ...byUser("leaving", "none"),
    holds: roleOf("leaving"),
    holdsStep: () => Effect.map(roleOf("leaving"), (role) => role === "out"),
    writes: ["deleteCleanroomUser"]
  },
  {
    name: "the role of a partner's person",
    before: Effect.zipRight(
      hasPerson("analyst", brand, "Partner Analyst"),
      hasPerson("moving", brand, "Partner Viewer")
    ),
    ...byUser("moving", "Partner Analyst"),
    holds: roleOf("moving"),
    holdsStep: () => Effect.map(roleOf("moving"), (role) => role === "Partner Analyst"),
    writes: ["updateCleanroomPartnerUserRole"]
  },
  {
    name: "taking a partner's person out",
    before: hasPerson("parting", brand, "Partner Viewer"),
    ...byUser("parting", "none"),
    holds: roleOf("parting"),
    holdsStep: () => Effect.map(roleOf("parting"), (role) => role === "out"),
    writes: ["deleteCleanroomPartnerUser"]
  },
  {
    name: "sharing results",
    before: narrowed,
    call: share({ action: "share", partners: [brand] }),
    dry: share({ action: "share", partners: [brand], dry_run: true }),
    holds: Effect.all([sharedWith, accessOf(hero, "VIEW_RESULTS")]),
    holdsStep: (step) =>
      step.startsWith("results of")
        ? Effect.map(sharedWith, (names) => names.includes(brand))
        : Effect.map(accessOf(hero, "VIEW_RESULTS"), (access) => access === "ALL_CLEAN_ROOM_PARTNERS"),
    claims: /are shared with Fizzwell Beverages\./,
    writes: ["configureCleanRoomQuestionPermissions", "upsertCleanRoomQuestionResultShares"]
  },
  {
    name: "no longer sharing results",
    before: share({ question: device, action: "share", partners: [brand] }),
    call: share({ question: device, action: "revoke", partners: [brand] }),
    dry: share({ question: device, action: "revoke", partners: [brand], dry_run: true }),
    holds: shares(device),
    holdsStep: () => Effect.map(shares(device), (count) => count === 0),
    claims: /shared with nobody/,
    writes: ["upsertCleanRoomQuestionResultShares"]
  }
])
