/**
 * Bringing a partner into a clean room, from the invitation to the datasets that the questions need of it.
 *
 * No operation accepts or resends an invitation: the partner accepts in Habu's UI, and to send again is to withdraw and
 * to invite anew.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../habu/api/Partners.js"
import { HabuClient } from "../habu/HabuClient.js"
import type { Known } from "../habu/HabuDirectory.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import * as Confirmation from "./Confirmation.js"
import * as Invitations from "./partner/Invitations.js"
import * as Needs from "./partner/Needs.js"
import * as Plan from "./Plan.js"
import * as Preflight from "./question/Preflight.js"
import * as Reading from "./Reading.js"
import { WatchList } from "./WatchList.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "onboard_partner"
const mostEmails = 20
const shownNeeds = 6
const shownPartners = 10

/**
 * What `onboard_partner` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  emails: Workflow.maybe(
    Schema.Array(Schema.String).annotations({
      description: "The partners' administrators, each with a Habu or LiveRamp account"
    })
  ),
  action: Workflow.maybe(
    Schema.Literal("invite", "track", "reinvite", "cancel").annotations({
      description: "invite if emails are given, else track; reinvite withdraws and sends again"
    })
  ),
  note: Workflow.maybe(Schema.String.annotations({
    description: "What the mail says; else one is written for this clean room"
  })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full lists every need" }))
})

export type Input = typeof Input.Type

const PartnerView = Schema.Struct({
  ...Words.Reference.fields,
  users: Workflow.maybe(Schema.Array(Schema.String)),
  administrators: Schema.Number,
  needs_met: Schema.Number,
  needs_open: Workflow.maybe(Schema.Array(Schema.String)),
  complete: Schema.Boolean,
  what_to_do: Workflow.maybe(Schema.Array(Schema.String))
})

/**
 * What `onboard_partner` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  ...Plan.fields,
  invitations: Workflow.maybe(Schema.Array(Invitations.View)),
  partners: Workflow.maybe(Schema.Array(PartnerView)),
  note: Workflow.maybe(Schema.String),
  partner_guide: Workflow.maybe(Schema.Array(Schema.String)),
  denied: Workflow.maybe(Schema.Array(Schema.String)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const address = /^[^@\s<>",;]+@[^@\s<>",;]+\.[^@\s<>",;]+$/
const placeholder = /@(example\.(com|org|net)|test|localhost|domain\.com|company\.com|email\.com)$/i

const wrongEmails = (emails: ReadonlyArray<string>) =>
  emails.length > mostEmails
    ? `has ${emails.length} addresses`
    : emails.filter((email) => !address.test(email)).map((email) =>
      `holds ${JSON.stringify(Text.clean(email, 80))}, which is no email address`
    )[0]

const emailsOf = Effect.fnUntraced(function*(input: Input) {
  const emails = [...new Set((input.emails ?? []).map((email) => email.trim()).filter((email) => email !== ""))]
  const distinct = emails.filter((email, at) =>
    emails.findIndex((other) => Text.folded(other) === Text.folded(email)) === at
  )
  const problem = wrongEmails(distinct)
  return problem === undefined ? distinct : yield* Effect.fail(
    new Workflow.InputInvalid({
      field: "emails",
      problem,
      advice: `Give one to ${mostEmails} addresses, each of the person who will administer the clean room for a ` +
        "partner. Nothing was sent."
    })
  )
})

interface Situation {
  readonly invitations: Reading.Outcome<ReadonlyArray<InvitationDetail>>
  readonly partners: Reading.Outcome<ReadonlyArray<CleanRoomPartnerResponse>>
  readonly needs: Reading.Outcome<Effect.Effect.Success<ReturnType<typeof Needs.read>>>
  readonly now: number
}

const look = Effect.fnUntraced(function*(cleanRoom: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const path = { cleanroomId: cleanRoom.id }
  const { invitations, needs, partners } = yield* Effect.all({
    invitations: Reading.attempt("invitations", habu.listPartnerInvitationsForInviter({ path })),
    partners: Reading.attempt("partners", habu.getAllCleanroomPartners({ path })),
    needs: Reading.attempt("questions", Needs.read(cleanRoom))
  }, { concurrency: "unbounded" })
  return { invitations, partners, needs, now: yield* Clock.currentTimeMillis } satisfies Situation
})

const answered = <A>(outcome: Reading.Outcome<ReadonlyArray<A>>): ReadonlyArray<A> =>
  outcome._tag === "Answered" ? outcome.value : []

const withheld = (part: string, outcome: Reading.Outcome<unknown>): ReadonlyArray<string> =>
  outcome._tag === "Answered"
    ? []
    : [`${part}: ${outcome._tag === "Denied" ? "denied" : "not answered"}. ${outcome.error.message}`]

const deniedParts = ({ invitations, needs, partners }: Situation) => [
  ...withheld("invitations", invitations),
  ...withheld("partners", partners),
  ...withheld("questions", needs)
]

const usersOf = ({ cleanRoomUsers = [] }: CleanRoomPartnerResponse) => cleanRoomUsers

// Somebody with that address takes part already, whatever became of the invitation.
const hasJoined = (email: string, partners: ReadonlyArray<CleanRoomPartnerResponse>) =>
  partners.some((partner) => usersOf(partner).some(({ user }) => Text.folded(user?.email ?? "") === Text.folded(email)))

const openMacros = (situation: Situation) =>
  situation.needs._tag === "Answered" ? situation.needs.value.needs.filter(({ isMet }) => !isMet) : []

const noteFor = (cleanRoom: CleanRoom, situation: Situation): string => {
  const open = openMacros(situation)
  const kinds = [...new Set(open.map(({ dataType }) => Words.said(dataType, 40)).filter((kind) => kind !== undefined))]
  const owner = Words.said(cleanRoom.ownerOrganization) ?? "We"
  const about = Words.said(cleanRoom.description, 300)
  return [
    `${owner} invites you to the clean room "${Words.said(cleanRoom.name) ?? ""}".`,
    ...(about === undefined ? [] : [/[.!?…]$/.test(about) ? about : `${about}.`]),
    "Please accept under Inbound Invitations in LiveRamp Clean Room, then add your colleagues with the roles they need.",
    ...(kinds.length === 0
      ? []
      : [
        `Its questions need data of yours: ${kinds.join(", ")}. Connect it, provision it here, and assign it to them.`
      ]),
    "Nobody sees your rows: only results of the questions, with this clean room's protections, leave it."
  ].join(" ")
}

const mail = (note: string) => `: Habu sends a mail that says: ${JSON.stringify(note)}`

// The mail is the same for all: whoever agrees to it reads it once.
const mailOnce = <R>(changes: ReadonlyArray<Plan.Change<R>>, note: string): ReadonlyArray<Plan.Change<R>> => {
  const first = changes.find(({ preview }) => preview?.endsWith(mail(note)))
  return changes.map((one) =>
    one === first ? one : { ...one, preview: one.preview?.replace(mail(note), " with the same mail") }
  )
}

const inviting = (
  cleanRoom: Known<CleanRoom>,
  email: string,
  note: string,
  shown: Effect.Effect<boolean, HabuError, HabuClient>,
  needs: ReadonlyArray<string> = []
): Plan.Change<HabuClient | WatchList> => ({
  step: `invite ${email}`,
  grade: "outward",
  preview: `invite ${email} to ${Words.title(cleanRoom)}${mail(note)}`,
  makes: `invitation/${cleanRoom.id}/${Text.folded(email)}`,
  needs,
  shown,
  write: Effect.gen(function*() {
    const habu = yield* HabuClient
    const watch = yield* WatchList
    const sent = yield* habu.addCleanroomPartner({
      path: { cleanroomId: cleanRoom.id },
      payload: { partnerAdminEmail: email, invitationNote: note }
    })
    const id = sent.id ?? ""
    if (id === "") return "Habu took the invitation."
    const watched = yield* Effect.either(
      watch.watch({ kind: "invitation", id, name: email, cleanRoomId: cleanRoom.id }, sent.Status ?? "PENDING")
    )
    return watched._tag === "Left"
      ? "Habu took the invitation; it could not be put on the watch list."
      : "Habu took the invitation; it is on the watch list."
  })
})

const listed = (cleanRoom: Known<CleanRoom>, is: (invitation: InvitationDetail) => boolean) =>
  Effect.flatMap(HabuClient, (habu) =>
    Effect.map(
      habu.listPartnerInvitationsForInviter({ path: { cleanroomId: cleanRoom.id } }),
      (all) => all.some(is)
    ))

const withdrawing = (
  cleanRoom: Known<CleanRoom>,
  invitation: InvitationDetail
): Plan.Change<HabuClient | WatchList> => {
  const id = invitation.id ?? ""
  const email = Words.said(invitation.partnerAdminEmail) ?? id
  return {
    step: `withdraw the invitation of ${email}`,
    grade: "outward",
    preview: `withdraw the invitation of ${email} to ${Words.title(cleanRoom)}: its link stops working`,
    shown: Effect.map(listed(cleanRoom, (one) => one.id === id), (isThere) => !isThere),
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const watch = yield* WatchList
      yield* habu.cancelPartnerInvitationById({ path: { cleanroomId: cleanRoom.id, invitationId: id } })
      yield* Effect.ignore(watch.unwatch({ kind: "invitation", id }))
    })
  }
}

interface Planned {
  readonly changes: ReadonlyArray<Plan.Change<HabuClient | WatchList>>
  readonly settled: ReadonlyArray<Plan.Step>
}

const planOne = (
  action: "invite" | "reinvite" | "cancel",
  cleanRoom: Known<CleanRoom>,
  situation: Situation,
  note: string
) =>
(email: string): Planned => {
  const partners = answered(situation.partners)
  const all = answered(situation.invitations).filter(Invitations.isTo(email))
  const waiting = all.find(Invitations.isWaiting)
  const declined = all.find(Invitations.isDeclined)
  const step = `${action === "cancel" ? "withdraw the invitation of" : "invite"} ${email}`
  const so = (detail: string): Planned => ({ changes: [], settled: [Plan.already(step, detail)] })
  const known = new Set(all.map(({ id }) => id))
  const isNew = (invitation: InvitationDetail) =>
    Invitations.isTo(email)(invitation) && !Invitations.isDeclined(invitation) && !known.has(invitation.id)

  if (action === "cancel") {
    return waiting === undefined
      ? so(all.length === 0 ? "There is no invitation to this address." : "It was answered; that cannot be withdrawn.")
      : { changes: [withdrawing(cleanRoom, waiting)], settled: [] }
  }
  if (hasJoined(email, partners) || all.some(Invitations.isAccepted)) return so("This partner takes part already.")
  if (waiting !== undefined && (action === "invite" || Invitations.isFresh(waiting, situation.now))) {
    return so(
      action === "invite"
        ? "An invitation is waiting for an answer; nobody is invited twice. To send it again use action reinvite."
        : "It was sent less than a day ago; it is not sent again before a day has passed."
    )
  }
  if (declined !== undefined && waiting === undefined && action === "invite") {
    return so("The invitation was declined. To ask again use action reinvite.")
  }
  const withdrawal = waiting === undefined ? [] : [withdrawing(cleanRoom, waiting)]
  return {
    changes: [
      ...withdrawal,
      inviting(cleanRoom, email, note, listed(cleanRoom, isNew), withdrawal.map((change) => change.step))
    ],
    settled: []
  }
}

const isAdmin = (role: string | undefined) => /admin/i.test(role ?? "")

const partnerView = (situation: Situation, full: boolean) => (partner: CleanRoomPartnerResponse) => {
  const seen = situation.needs._tag === "Answered" ? situation.needs.value : undefined
  const mine = (seen?.needs ?? []).filter(Needs.concerns(partner.name ?? ""))
  const open = mine.filter(({ isMet }) => !isMet)
  const users = usersOf(partner)
  const administrators = users.filter(({ role }) => isAdmin(role?.name)).length
  const isSeen = seen !== undefined && seen.unseen.length === 0
  const shown = full ? open : open.slice(0, shownNeeds)
  return Workflow.compact({
    ...Words.reference(partner),
    users: users.slice(0, full ? 50 : 5).map(({ role, user }) =>
      `${Words.said(user?.name) ?? Words.said(user?.email) ?? "?"} (${Words.said(role?.name, 50) ?? "no role"})`
    ),
    administrators,
    needs_met: mine.length - open.length,
    needs_open: [
      ...shown.map(({ macro, placed }) => `@${Words.said(macro, 50)} of ${Words.title(placed.question)}`),
      ...(open.length > shown.length ? [`… ${open.length - shown.length} more`] : [])
    ],
    complete: isSeen && open.length === 0 && administrators > 0,
    what_to_do: [
      ...(administrators === 0 ? ["The partner needs an administrator among its users (in Habu's UI)."] : []),
      ...(open.length > 0
        ? ["The partner connects its data, provisions it to this clean room, and assigns it to these questions."]
        : []),
      ...(isSeen ? [] : ["Not all of its datasets could be seen; this says nothing about the rest."])
    ]
  })
}

const guide = (cleanRoom: CleanRoom): ReadonlyArray<string> => [
  "Have a Habu or LiveRamp account: LiveRamp makes one for newcomers, which can delay the start (only LiveRamp).",
  `Accept under Inbound Invitations and choose the organisation (only in Habu's UI): ${Words.title(cleanRoom)}.`,
  "Add colleagues to the clean room with roles, at least one administrator (in Habu's UI).",
  "Connect data, map its fields, and provision it to the clean room (Habu's UI, or habu-mcp with the partner's own key).",
  "Assign datasets to the macros of the questions; some need that once by hand before a run from outside works."
]

const summaryOf = (cleanRoom: CleanRoom, situation: Situation, views: ReadonlyArray<typeof PartnerView.Type>) => {
  const waiting = answered(situation.invitations).filter(Invitations.isWaiting).length
  const declined = answered(situation.invitations).filter(Invitations.isDeclined).length
  const complete = views.filter((view) => view.complete).length
  return [
    situation.partners._tag === "Answered"
      ? `${Words.title(cleanRoom)} has ${Words.count(views.length, "partner")}, ${complete} of them complete.`
      : `Who takes part in ${Words.title(cleanRoom)} could not be seen.`,
    situation.invitations._tag === "Answered"
      ? `${Words.count(waiting, "invitation")} wait${waiting === 1 ? "s" : ""} for an answer${
        declined === 0 ? "" : `, ${declined} declined`
      }.`
      : "Its invitations could not be seen."
  ].join(" ")
}

const hour = 3600

const nextSteps = (cleanRoom: CleanRoom, situation: Situation): ReadonlyArray<Workflow.NextStep> =>
  answered(situation.invitations).some(Invitations.isWaiting)
    ? [{
      tool,
      arguments: { clean_room: Words.handle(cleanRoom), action: "track" },
      why: "See whether the invitations were answered; asking more often than hourly tells nothing more.",
      after_seconds: hour
    }]
    : []

const picture = (cleanRoom: Known<CleanRoom>, situation: Situation, full: boolean) => {
  const views = answered(situation.partners).map(partnerView(situation, full))
  const invitations = answered(situation.invitations).filter((one) => full || !Invitations.isAccepted(one))
  return {
    views,
    fields: {
      clean_room: Words.reference(cleanRoom),
      invitations: invitations.slice(0, full ? 200 : 20).map((one) => Invitations.view(one, situation.now)),
      partners: views.slice(0, full ? 200 : shownPartners),
      denied: deniedParts(situation)
    }
  }
}

const track = Effect.fnUntraced(function*(input: Input, cleanRoom: Known<CleanRoom>, taken: ReadonlyArray<string>) {
  const situation = yield* look(cleanRoom)
  const { fields, views } = picture(cleanRoom, situation, input.detail === "full")
  const isDenied = [situation.invitations, situation.partners].every(({ _tag }) => _tag === "Denied")
  return Workflow.compact({
    status: isDenied ? "denied" as const : fields.denied.length > 0 ? "partial" as const : "done" as const,
    summary: summaryOf(cleanRoom, situation, views),
    ...fields,
    partner_guide: views.every(({ complete }) => complete) && views.length > 0 ? [] : guide(cleanRoom),
    warnings: taken,
    next_steps: nextSteps(cleanRoom, situation)
  }) satisfies Output
})

const closed = (cleanRoom: CleanRoom, now: number) =>
  Preflight.isExpired(cleanRoom, now)
    ? Effect.fail(
      new Workflow.InputInvalid({
        field: "clean_room",
        problem: `is ${JSON.stringify(Words.title(cleanRoom))}, which ended on ${Words.moment(cleanRoom.endAt)}`,
        advice: "It is read-only until its owner sets a later end date; nobody can be invited before. Nothing was sent."
      })
    )
    : Effect.void

// Without the list nobody can tell whether an address was invited already.
const sighted = (situation: Situation) =>
  situation.invitations._tag === "Answered" ? Effect.void : Effect.fail(situation.invitations.error)

const sampleWarning = (emails: ReadonlyArray<string>) =>
  emails.filter((email) => placeholder.test(email)).map((email) => `${email} looks like a sample address.`)

const change = Effect.fnUntraced(
  function*(
    input: Input,
    action: "invite" | "reinvite" | "cancel",
    emails: ReadonlyArray<string>,
    cleanRoom: Known<CleanRoom>,
    taken: ReadonlyArray<string>
  ) {
    const before = yield* look(cleanRoom)
    if (action !== "cancel") yield* closed(cleanRoom, before.now)
    yield* sighted(before)
    const note = Words.said(input.note, 1000) ?? noteFor(cleanRoom, before)
    const plans = emails.map(planOne(action, cleanRoom, before, note))
    const ending = yield* Plan.run(mailOnce(plans.flatMap(({ changes }) => changes), note), {
      tool,
      input,
      settled: plans.flatMap(({ settled }) => settled),
      subject: { cleanRoom: cleanRoom.id, note, action }
    })
    const warnings = [...taken, ...sampleWarning(emails)]
    if (ending._tag !== "CarriedOut") {
      return Workflow.compact({
        ...Plan.unmade(ending, { tool, input }),
        clean_room: Words.reference(cleanRoom),
        note: action === "cancel" ? undefined : note,
        warnings
      }) satisfies Output
    }
    const after = yield* look(cleanRoom)
    const { fields, views } = picture(cleanRoom, after, input.detail === "full")
    const status = Plan.statusOf(ending.steps)
    return Workflow.compact({
      status,
      summary: [Plan.remaining(ending.steps), summaryOf(cleanRoom, after, views)].filter((text) => text !== "").join(
        " "
      ),
      ...fields,
      steps: ending.steps,
      note: action === "cancel" ? undefined : note,
      partner_guide: action === "cancel" ? [] : guide(cleanRoom),
      warnings,
      next_steps: [...(yield* Plan.again(tool, input, ending.steps)), ...nextSteps(cleanRoom, after)]
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)

/**
 * Invites, tracks, invites again or withdraws; tells of every partner whether it is complete.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("OnboardPartner")(function*(input: Input) {
  const emails = yield* emailsOf(input)
  const action = input.action ?? (emails.length === 0 ? "track" : "invite")
  const where = yield* Where.cleanRoom(tool, input, input.clean_room)
  if (where._tag === "Asking") return where.answer satisfies Output
  if (action === "track") return yield* track(input, where.value, where.taken)
  if (emails.length === 0) {
    return {
      status: "needs_input",
      summary: `Whom? Give emails: the addresses to ${action}.`,
      clean_room: Words.reference(where.value)
    } satisfies Output
  }
  return yield* change(input, action, emails, where.value, where.taken)
}, Effect.map((answer): Output => answer))
