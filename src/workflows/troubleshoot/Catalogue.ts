/**
 * What goes wrong with clean rooms, why, and what mends it: the troubleshooting catalogue as data.
 *
 * The detectors look for its entries in what Habu holds, a symptom in words is matched with `words`, and the page on
 * troubleshooting is made from it. The ids stay what they are; an entry that no longer holds is rewritten, not removed.
 *
 * @since 0.1.0
 */
import type { OperationId } from "../../habu/HabuClient.js"

/**
 * What part of the work an entry belongs to.
 *
 * @since 0.1.0
 * @category models
 */
export type Area =
  | "signing in"
  | "limits"
  | "clean rooms"
  | "partners and people"
  | "questions"
  | "results"
  | "data connections"
  | "exports"
  | "flows"
  | "schedules"
  | "identity"

/**
 * How sure an entry is: LiveRamp's documentation or contract says so, it was seen on live Habu, or it is our reasoning.
 *
 * @since 0.1.0
 * @category models
 */
export type Evidence = "documented" | "contract" | "seen" | "inferred"

/**
 * Who can carry out a step. `server` is this server; the rest is out of the API's reach.
 *
 * @since 0.1.0
 * @category models
 */
export type Who = "server" | "habu ui" | "partner" | "liveramp" | "data owner"

/**
 * One step of a fix, and for one of ours the tool and the operations that carry it out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly do: string
  readonly who: Who
  readonly tool?: string
  readonly operations?: ReadonlyArray<OperationId>
}

/**
 * An entry of the catalogue.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly id: Id
  readonly area: Area
  readonly symptom: string
  readonly cause: string
  readonly check: string
  readonly fix: ReadonlyArray<Step>
  readonly evidence: ReadonlyArray<Evidence>
  /** Whether what Habu's API shows can tell this cause: wholly, in part, or not at all. */
  readonly shown: "yes" | "partly" | "no"
  /** Beginnings of words, all of which a description of the symptom holds. */
  readonly words: ReadonlyArray<string>
}

const server = (text: string, tool: string, ...operations: ReadonlyArray<OperationId>): Step => ({
  do: text,
  who: "server",
  tool,
  ...(operations.length > 0 && { operations })
})
const by = (who: Exclude<Who, "server">) => (text: string): Step => ({ do: text, who })
const ui = by("habu ui")
const partner = by("partner")
const liveramp = by("liveramp")
const owner = by("data owner")

const retryConnection = server(
  "Let Habu check the same data connection again; do not make a second one.",
  "manage_data_integration",
  "retryDataConnectionJob"
)
const runAgain = server(
  "Start the run again once it is mended; it spends one of 20 starts an hour.",
  "execute_question_workflow",
  "createCleanroomQuestionRun"
)

const signingIn = [
  {
    id: "T-01",
    area: "signing in",
    symptom: "Every call is answered with 401.",
    cause: "The access token is past its 12 hours, or the API key's secret was replaced while this copy is still used.",
    check: "Compare the token's expiry with the time now, and ask whether anyone renewed the key in Habu.",
    fix: [
      ui("Look in Admin > API Keys whether the key still exists and when it was renewed."),
      owner(
        "Put the current client id and secret into HABU_API_CLIENT and HABU_API_SECRET of every program that uses them."
      ),
      server("Sign in again and see what the token may do.", "test_connection")
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["401", "unauthor", "token expir", "secret rotat", "secret chang", "token invalid"]
  },
  {
    id: "T-02",
    area: "signing in",
    symptom: "Habu gives no further access token.",
    cause:
      "Two tokens were already given in the last 24 hours; some program asks for one at each start instead of keeping it.",
    check: "See what is left of the token budget, and which other programs sign in with the same API key.",
    fix: [
      server("See when the next token can be had.", "health_check"),
      owner(
        "Keep the state store on disk or in Redis so that restarts share one token, and stop other programs from signing in at each start."
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["token refus", "token limit", "no token", "third token", "cannot sign", "two token", "token request"]
  },
  {
    id: "T-03",
    area: "signing in",
    symptom: "The list of clean rooms is empty although people see clean rooms in Habu.",
    cause: "The API user is in none of them, or the key belongs to another organisation.",
    check: "See whose key it is, and whether the API user is listed under a clean room's users.",
    fix: [
      ui("In each clean room, under Users, add the API user with the Admin role."),
      server(
        "See whose key it is and what it may do.",
        "test_connection",
        "getAllCleanrooms",
        "getAllOrganizationUsers"
      )
    ],
    evidence: ["documented", "seen", "inferred"],
    shown: "yes",
    words: ["no clean room", "empty list", "clean room empty", "see no clean", "list empty", "clean room missing"]
  },
  {
    id: "T-05",
    area: "signing in",
    symptom: "The token request itself is answered with 400, 405 or 415.",
    cause: "It was sent as JSON, without the Basic header, or as a GET.",
    check: "Look at how the program sends it; this server sends it rightly, so this concerns programs of one's own.",
    fix: [owner("POST a form with grant_type=client_credentials and the client id and secret in a Basic header.")],
    evidence: ["seen"],
    shown: "no",
    words: ["415", "405", "token 400", "unsupported media", "oauth token error"]
  },
  {
    id: "T-06",
    area: "signing in",
    symptom: "A program says that the token answer holds no access_token.",
    cause: "Habu calls the field accessToken, which standard OAuth libraries do not look for.",
    check: "Look at what the program reads; this server reads both spellings.",
    fix: [owner("Read accessToken, expiresIn and expiresAt.")],
    evidence: ["documented", "seen"],
    shown: "no",
    words: ["access_token", "accesstoken", "no access token"]
  }
] as const satisfies ReadonlyArray<Shape>

const limits = [
  {
    id: "T-07",
    area: "limits",
    symptom: "Starting a run is answered with 429, or refused here before it is sent.",
    cause: "The 20 starts of the hour are used up, perhaps by another program with the same API user or address.",
    check: "See what is left of the budget here and when the next start is free.",
    fix: [
      server("See when the next start is free, and start nothing until then.", "health_check"),
      server(
        "Spread what runs regularly over the hours.",
        "manage_question_schedules",
        "getCleanroomQuestionRunSchedules"
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["429", "rate limit", "too many", "limit exceed", "budget", "throttl", "quota"]
  },
  {
    id: "T-08",
    area: "limits",
    symptom: "The same run is there twice.",
    cause: "A start was sent again after it seemed to fail; Habu takes every start for a new one.",
    check: "List the question's runs and compare names, values and times.",
    fix: [
      server(
        "Keep the first, delete the other (a deletion is for good).",
        "execute_question_workflow",
        "deleteCleanroomQuestionRun"
      ),
      server("Start runs through this server, which starts each one once.", "execute_question_workflow")
    ],
    evidence: ["contract", "inferred"],
    shown: "yes",
    words: ["twice", "duplicate", "two identical run", "double run", "run again by itself"]
  }
] as const satisfies ReadonlyArray<Shape>

const cleanRooms = [
  {
    id: "T-04",
    area: "clean rooms",
    symptom: "One clean room, or a part of it, is answered with 403 while others work.",
    cause: "The API user is no Admin there, or its role lacks that one permission.",
    check: "Read each part of the clean room and see which are denied; look at the API user's role in it.",
    fix: [
      ui(
        "An administrator of the clean room gives the API user the Admin role (clean room > Users) or adds the missing permission to its role."
      ),
      server("Look again which parts answer; repeating the denied call changes nothing.", "test_connection")
    ],
    evidence: ["documented", "seen"],
    shown: "yes",
    words: ["403", "forbidden", "denied", "no permission", "not allow", "permission denied", "list cannot be read"]
  },
  {
    id: "T-36",
    area: "clean rooms",
    symptom: "Nothing can be run, added or changed in a clean room.",
    cause: "Its end date has passed, which makes it read-only.",
    check: "Read its end date.",
    fix: [
      server(
        "Set a later end date, or none: the clean room opens again.",
        "manage_cleanroom_lifecycle",
        "updateCleanroom"
      )
    ],
    evidence: ["documented"],
    shown: "yes",
    words: [
      "read only",
      "read-only",
      "readonly",
      "clean room end",
      "clean room expir",
      "nothing can be",
      "cannot add anything",
      "cannot change"
    ]
  },
  {
    id: "T-54",
    area: "identity",
    symptom: "A dataset keyed by personal data and one keyed by RampID cannot stand in one clean room.",
    cause: "With RampID matching the two kinds must stay apart, so that nobody can be told from a RampID.",
    check: "Look at the identifier types of the datasets on both sides.",
    fix: [server("Use a clean room for each kind of key.", "setup_cleanroom_workspace", "createCleanroom")],
    evidence: ["documented"],
    shown: "partly",
    words: ["pii rampid", "rampid same room", "mix rampid", "rampid pseudonym", "rampid together"]
  }
] as const satisfies ReadonlyArray<Shape>

const people = [
  {
    id: "T-37",
    area: "partners and people",
    symptom: "A partner accepted the invitation but still cannot work in the clean room.",
    cause: "The partner's account is still being made by LiveRamp, so the invitation has no organisation yet.",
    check: "Read the invitation: accepted or in progress, without a partner organisation.",
    fix: [
      partner("Finish choosing or making the organisation in Habu, under Inbound Invitations."),
      liveramp("If it stays so for a few days, ask LiveRamp how far the account is.")
    ],
    evidence: ["documented"],
    shown: "yes",
    words: ["partner accept", "accept invitation", "accepted but", "partner cannot work", "accepted not see"]
  },
  {
    id: "T-38",
    area: "partners and people",
    symptom: "A partner says that no invitation came.",
    cause: "The address is wrong or the mail was filtered; mails reach only people who have an account.",
    check: "Read the invitation's address, status and age.",
    fix: [
      partner("Look among filtered mails, and in Habu under Inbound Invitations."),
      server(
        "Withdraw the invitation and invite the right address (Habu cannot send one again).",
        "onboard_partner",
        "cancelPartnerInvitationById",
        "addCleanroomPartner"
      )
    ],
    evidence: ["seen", "inferred"],
    shown: "yes",
    words: [
      "invitation never",
      "never got",
      "not receiv",
      "no invitation",
      "invitation pend",
      "no email",
      "no mail",
      "invitation lost",
      "did not get"
    ]
  },
  {
    id: "T-39",
    area: "partners and people",
    symptom: "Someone sees a question but cannot run it or see its results.",
    cause: "The question's owner keeps RUN or VIEW_RESULTS to itself, or the person's role in the clean room lacks it.",
    check: "Read the question's permissions and the person's role; both must allow it.",
    fix: [
      server(
        "If the question is ours, open RUN or VIEW_RESULTS to partners (this widens a permission, so it is confirmed first).",
        "manage_permissions",
        "getCleanroomQuestionPermissions",
        "configureCleanRoomQuestionPermissions"
      ),
      partner("If the question is the partner's, its owner opens RUN or VIEW_RESULTS."),
      server("Give the person a role that may run questions.", "manage_permissions", "updateCleanroomUserRole")
    ],
    evidence: ["documented"],
    shown: "yes",
    words: [
      "cannot run",
      "run denied",
      "see question cannot",
      "cannot see result",
      "no result permission",
      "run permission",
      "run forbidden",
      "run 403"
    ]
  },
  {
    id: "T-40",
    area: "partners and people",
    symptom: "The clean room's default permissions were changed and its questions stayed as they were.",
    cause: "Defaults hold for questions that are added later; those that are there keep theirs.",
    check:
      "Compare when the question was added with when the clean room was changed, and read the question's permissions.",
    fix: [
      server(
        "Set the permissions of each question that is there already.",
        "manage_permissions",
        "configureCleanRoomQuestionPermissions"
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "default permission",
      "permission no effect",
      "permission not appl",
      "default no effect",
      "changed permission",
      "permission unchanged"
    ]
  },
  {
    id: "T-41",
    area: "partners and people",
    symptom: "Adding a person to a clean room is answered with 409.",
    cause: "The person is in it already.",
    check: "Look for the address among the clean room's users.",
    fix: [
      server(
        "Change the role of the membership that is there.",
        "manage_permissions",
        "getCleanroomUsers",
        "updateCleanroomUserRole"
      )
    ],
    evidence: ["contract"],
    shown: "yes",
    words: ["409 user", "add user 409", "user already", "already in", "conflict user", "add conflict"]
  },
  {
    id: "T-42",
    area: "partners and people",
    symptom: "A person cannot be found when being added to a clean room.",
    cause: "Only users of the organisation can be added, and this one is none.",
    check: "Look for the address among the organisation's users.",
    fix: [
      ui("An organisation administrator adds the person under Admin > Users; the API cannot."),
      server("Then add the person to the clean room.", "manage_permissions", "addCleanroomUser")
    ],
    evidence: ["documented"],
    shown: "yes",
    words: [
      "user not found",
      "add user 404",
      "user unknown",
      "person not found",
      "cannot add user",
      "add person",
      "cannot add person"
    ]
  }
] as const satisfies ReadonlyArray<Shape>

const questions = [
  {
    id: "T-09",
    area: "questions",
    symptom: "Starting a run is answered with 412.",
    cause: "The question is not READY: a macro that our side must fill has no dataset.",
    check: "List the question's macros and see which of ours has none.",
    fix: [
      server(
        "Assign a dataset to each of our macros that has none.",
        "deploy_analytics_question",
        "getAllCleanroomQuestionDatasets",
        "configureCleanroomQuestionDatasets"
      ),
      server("Check that the question is READY, without starting anything.", "execute_question_workflow")
    ],
    evidence: ["contract"],
    shown: "yes",
    words: ["412", "not ready", "missing dataset", "precondition", "no dataset", "macro unassign"]
  },
  {
    id: "T-10",
    area: "questions",
    symptom: "A question does not become READY although all our macros have datasets.",
    cause: "A macro that a partner must fill is still empty.",
    check: "See whose macro is empty, and whether the partner's dataset may be assigned by others.",
    fix: [
      partner("Assign a dataset to the macro in the question's dataset settings."),
      partner("Or let others assign it: the dataset's owner allows partner assignment.")
    ],
    evidence: ["documented", "contract"],
    shown: "yes",
    words: ["never ready", "partner dataset", "partner macro", "stay missing", "not become ready", "not ready"]
  },
  {
    id: "T-11",
    area: "questions",
    symptom: "A run fails because a table cannot be found.",
    cause: "The SQL spells a macro otherwise than the question declares it; the case of letters counts.",
    check: "Compare every @macro of the SQL with the question's macros, letter by letter.",
    fix: [
      server("Correct the SQL with the macro exactly as declared.", "deploy_analytics_question", "updateQuestion"),
      runAgain
    ],
    evidence: ["documented"],
    shown: "yes",
    words: [
      "table not found",
      "table does not exist",
      "table view",
      "macro case",
      "no such table",
      "unknown table",
      "relation not exist",
      "view not found"
    ]
  },
  {
    id: "T-12",
    area: "questions",
    symptom: "A run fails, and its query puts out an address, a name or the like.",
    cause: "An analytical question may not put out a field that is labelled as personal data.",
    check: "Follow each output column to its field, and see which of these are labelled PII.",
    fix: [
      server(
        "Take the field out of the output: join on it, filter by it or count it instead.",
        "deploy_analytics_question",
        "updateQuestion"
      ),
      liveramp(
        "If it must be put out, ask LiveRamp for an exception. Do not take the label off to get around the rule."
      ),
      runAgain
    ],
    evidence: ["documented"],
    shown: "yes",
    words: ["pii", "personal data", "email output", "output email", "personal field"]
  },
  {
    id: "T-13",
    area: "questions",
    symptom: "Assigning a dataset or running a question is refused by a rule.",
    cause:
      "The dataset's owner set a rule that this use breaks, such as one on who may assign it, what may be joined or put out.",
    check: "See whether partners may assign the dataset; the analysis rules themselves only Habu's UI shows.",
    fix: [
      partner("The dataset's owner reviews its analysis rules and whether partners may assign it."),
      server(
        "Or hand the macro to its owner, who assigns it.",
        "deploy_analytics_question",
        "assignCleanroomQuestionDatasetsOwnership"
      ),
      server("Or change the query so that the rule is kept.", "deploy_analytics_question", "updateQuestion")
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "analysis rule",
      "rule violat",
      "assign refus",
      "assignment refus",
      "dataset rule",
      "refused rule",
      "cannot assign",
      "assign 403",
      "assigning refus",
      "assign denied"
    ]
  },
  {
    id: "T-33",
    area: "questions",
    symptom: "A run asks for a value that nobody expects.",
    cause: "A dataset of the question has partition columns, and each run must say which part to read.",
    check: "Read the question's parameters: those of partition columns are marked.",
    fix: [
      server(
        "Give the values, such as the first and last day, as parameters of the run.",
        "execute_question_workflow",
        "getCleanroomQuestionParameters"
      ),
      ui("Or change which columns may limit what a run reads (Allow Partitions); the API cannot.")
    ],
    evidence: ["documented", "seen"],
    shown: "yes",
    words: [
      "ask value",
      "ask date",
      "unexpected parameter",
      "date_start",
      "partition value",
      "ask parameter",
      "want date",
      "requires date",
      "asks for"
    ]
  },
  {
    id: "T-34",
    area: "questions",
    symptom: "Runs are slow, costly or end at a time limit.",
    cause:
      "Too much is read: no partition limits it, the dates are wide, the query scans everything, or the capacity is small.",
    check: "Compare durations, the dates given, the explain plan and the compute capacity.",
    fix: [
      server("Give narrower dates.", "execute_question_workflow", "getCleanroomQuestionParameters"),
      server(
        "Look at the explain plan for scans of whole tables.",
        "troubleshoot_issues",
        "getCleanroomQuestionRunExplainPlan"
      ),
      server(
        "Raise the compute capacity if the query cannot read less.",
        "deploy_analytics_question",
        "updateCleanroomQuestionComputeCapacity"
      ),
      ui("Make a date column of the dataset a partition column.")
    ],
    evidence: ["documented", "contract"],
    shown: "partly",
    words: [
      "slow",
      "time out",
      "timeout",
      "timed out",
      "takes long",
      "too long",
      "hours",
      "time limit",
      "costly",
      "expensive"
    ]
  },
  {
    id: "T-35",
    area: "questions",
    symptom: "Changing the compute capacity is refused.",
    cause: "This kind of clean room has no such capacity: Snowflake takes only DEFAULT and LARGE, several kinds none.",
    check: "See the clean room's type and the capacity asked for.",
    fix: [
      server(
        "Set DEFAULT or LARGE, or leave it.",
        "deploy_analytics_question",
        "updateCleanroomQuestionComputeCapacity"
      )
    ],
    evidence: ["contract"],
    shown: "yes",
    words: ["capacity", "compute size", "xlarge", "compute capacity"]
  },
  {
    id: "T-52",
    area: "questions",
    symptom: "The explain plan is answered with success false.",
    cause: "The run has no plan: it is not SQL, or its query was never accepted.",
    check: "Read the plan's error message, and whether the run failed.",
    fix: [
      server(
        "Find out why the run itself failed; the plan follows from it.",
        "troubleshoot_issues",
        "getCleanroomQuestionRunById",
        "getCleanroomQuestionRunExplainPlan"
      ),
      server("Take a run that completed, of a question written in SQL.", "execute_question_workflow")
    ],
    evidence: ["contract"],
    shown: "yes",
    words: ["explain plan", "explain", "query plan", "success false"]
  },
  {
    id: "T-57",
    area: "questions",
    symptom: "A Clean Compute run fails as soon as it starts.",
    cause: "The package is not laid out as the template wants it, or lacks transformation.py.",
    check: "See whether the question takes a package or container, and how soon after its start the run failed.",
    fix: [
      owner("Lay the package out by LiveRamp's template, with transformation.py, and try their validator on it."),
      owner("Upload it again to the artifact store."),
      runAgain
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["clean compute", "transformation", "wheel", "container fail", "spark package", "code package"]
  }
] as const satisfies ReadonlyArray<Shape>

const results = [
  {
    id: "T-14",
    area: "results",
    symptom: "A run completed, but rows that should be there are missing.",
    cause: "Groups below the clean room's crowd size are left out without a word.",
    check: "See how small the smallest groups shown are. The crowd size itself cannot be read through the API.",
    fix: [
      server(
        "Ask for coarser groups or a longer time, so that each group holds more people.",
        "execute_question_workflow"
      ),
      ui("The clean room's owner sees the crowd size there. Lowering it takes away protection and is no fix.")
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "row miss",
      "missing row",
      "groups miss",
      "missing group",
      "fewer row",
      "small group",
      "not all row",
      "segment missing",
      "crowd size",
      "k-min",
      "rows gone",
      "missing from result"
    ]
  },
  {
    id: "T-15",
    area: "results",
    symptom: "Two equal runs give different numbers.",
    cause: "Noise is added to measures in this clean room (data decibel), anew for each run.",
    check: "Compare two completed runs with the same values and the same version of the question.",
    fix: [
      server(
        "Read small differences as noise. Do not repeat and average runs: that would undo the protection.",
        "retrieve_and_analyze_results",
        "getCleanroomQuestionRunData"
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "number differ",
      "different number",
      "differ between",
      "inconsistent",
      "not same result",
      "result change",
      "noise",
      "results vary",
      "equal run different",
      "not match earlier"
    ]
  },
  {
    id: "T-16",
    area: "results",
    symptom: "A run completed without any rows.",
    cause:
      "Its dates or filters leave nothing, the parties share no identifiers, or every group is below the crowd size.",
    check:
      "Read the partition values that the run used, the filters of its datasets, and the identifiers on both sides.",
    fix: [
      server(
        "Run it with dates for which both sides have data; dates go among the parameters.",
        "execute_question_workflow",
        "getCleanroomQuestionRunPartitionParameters"
      ),
      server(
        "Look at the row filters of the datasets and at the query's own conditions.",
        "manage_permissions",
        "getCleanroomDatasets",
        "updateCleanroomDatasetById"
      ),
      partner("Check which dates and values the partner's dataset really holds.")
    ],
    evidence: ["seen", "inferred"],
    shown: "yes",
    words: ["zero row", "no row", "0 row", "empty result", "no result", "nothing return", "result empty", "no data"]
  },
  {
    id: "T-17",
    area: "results",
    symptom: "Few or none of the parties' people are found on both sides.",
    cause: "The identifiers are not of the same form: plain against hashed, other hashes, other spelling or encoding.",
    check: "Look at the fields that the query joins on, and at their identifier types on both sides.",
    fix: [
      server(
        "Join on fields of the same form, such as SHA-256 with SHA-256.",
        "deploy_analytics_question",
        "updateQuestion"
      ),
      owner("Bring identifiers into one form before hashing: trimmed, lower case, UTF-8."),
      partner("Do the same on the partner's side.")
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "match rate",
      "low match",
      "no overlap",
      "no match",
      "overlap zero",
      "shared zero",
      "nobody shared",
      "no shared",
      "overlap 0",
      "no common",
      "hash"
    ]
  },
  {
    id: "T-55",
    area: "identity",
    symptom: "A join on RampIDs finds nobody, or identity results are mixed up.",
    cause: "RampIDs are encoded for each client; two sides' RampIDs do not match without a translation.",
    check: "See whether the query joins RampIDs of different organisations, and the clean room's type.",
    fix: [
      liveramp("Ask for RampID matching in this clean room (Hybrid or Confidential Computing), or for a mapping file."),
      server("Until then join on another identifier.", "deploy_analytics_question", "updateQuestion")
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["rampid join", "rampid nobody", "rampid match", "rampid encod", "rampid different", "join rampid"]
  },
  {
    id: "T-53",
    area: "results",
    symptom: "A large result cannot be downloaded in Habu Intelligence.",
    cause: "The role Viewer does not suffice there.",
    check: "See which Intelligence role the person has; the API does not show it.",
    fix: [
      ui("Give the person the Intelligence Creator role and let them use Browse Data."),
      server("Or export the result from here.", "retrieve_and_analyze_results", "getCleanroomQuestionRunData")
    ],
    evidence: ["documented"],
    shown: "no",
    words: ["intelligence download", "download large", "cannot download", "browse data", "intelligence viewer"]
  }
] as const satisfies ReadonlyArray<Shape>

const connections = [
  {
    id: "T-18",
    area: "data connections",
    symptom: "A data connection stands at configuration failed.",
    cause:
      "Habu could not sign in or read: a wrong role, project, database or region, an object that is not there, or an address that is not let in.",
    check: "Read the connection's settings letter by letter; the exact reason only Habu's UI shows.",
    fix: [
      ui("Read the reason at the connection's status."),
      owner("Mend the role, the name or the network rule in the cloud account."),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["configuration fail", "connection fail", "cannot connect", "connection broken", "connect error"]
  },
  {
    id: "T-19",
    area: "data connections",
    symptom: "A data connection is being verified for more than ten minutes.",
    cause: "The check hangs; it usually takes five minutes at most.",
    check: "Note when it was first seen being verified, and look again after ten minutes.",
    fix: [
      retryConnection,
      liveramp("If it hangs again, give LiveRamp's support the connection's id and the request id.")
    ],
    evidence: ["documented", "inferred"],
    shown: "partly",
    words: ["verif", "verif hour", "verif stuck", "verif long", "check hang", "stuck check"]
  },
  {
    id: "T-20",
    area: "data connections",
    symptom: "A data connection stands at mapping required.",
    cause: "Its fields have not been mapped.",
    check: "Read its fields and their identifier types.",
    fix: [
      server(
        "Map the fields and save.",
        "establish_data_connection",
        "getAllFieldConfigurations",
        "mapFieldConfigurations"
      )
    ],
    evidence: ["documented"],
    shown: "yes",
    words: ["mapping", "map field", "not mapped", "unmapped"]
  },
  {
    id: "T-21",
    area: "data connections",
    symptom: "A data connection waits for a file, or has no valid schema.",
    cause:
      "No valid file was found: the folder is empty, the path is wrong, or the date in the path lies more than a week off.",
    check: "Read the location, the file format and the sample path of the connection.",
    fix: [
      owner("Put a valid file into the folder, or correct the path and its date."),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "yes",
    words: ["waiting file", "wait file", "no file", "folder empty", "valid schema", "missing schema"]
  },
  {
    id: "T-22",
    area: "data connections",
    symptom: "A CSV file is refused although it looks right in a spreadsheet.",
    cause: "It begins with a byte order mark, as spreadsheet programs write it.",
    check: "Look at the first three bytes of the file: EF BB BF is such a mark.",
    fix: [owner("Save the file as UTF-8 without a byte order mark."), retryConnection],
    evidence: ["documented"],
    shown: "partly",
    words: ["bom", "byte order", "excel", "spreadsheet", "csv look"]
  },
  {
    id: "T-23",
    area: "data connections",
    symptom: "A CSV file is refused because of its header.",
    cause: "A column name has blanks or special characters, is longer than 50 characters, or there is no header row.",
    check: "Read the first line of the file.",
    fix: [
      owner("Name columns with letters, digits and underscores, at most 50 characters, in a header row."),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["header", "column name", "special character"]
  },
  {
    id: "T-24",
    area: "data connections",
    symptom: "An import of several files fails although each is right by itself.",
    cause: "The files differ in their columns or in the order of these; one data connection has one schema.",
    check: "Compare the header of each file.",
    fix: [
      owner("Bring all files to the same columns in the same order, or make a data connection for each schema."),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "files differ",
      "schema differ",
      "column order",
      "several files",
      "files different",
      "different schema",
      "different column",
      "inconsistent schema"
    ]
  },
  {
    id: "T-25",
    area: "data connections",
    symptom: "A file is refused as a whole.",
    cause: "It is larger than 500 MB in a cloud folder or 50 MB as an upload, or its name has no extension.",
    check: "Look at the file's size and name.",
    fix: [owner("Split it, and give each part its extension."), retryConnection],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "file too large",
      "file size",
      "500 mb",
      "50 mb",
      "file extension",
      "no extension",
      "large file",
      "file big"
    ]
  },
  {
    id: "T-26",
    area: "data connections",
    symptom: "A column is missing or cannot be used.",
    cause: "Its type is not taken: maps and structs nowhere, arrays only from AWS, Google Cloud Storage and Iceberg.",
    check: "Compare the source's columns with the connection's fields and their types.",
    fix: [owner("Make it a text with separators, or one row for each value."), retryConnection],
    evidence: ["documented"],
    shown: "partly",
    words: ["array", "struct", "map type", "unsupported type", "column unsupported", "column missing", "nested"]
  },
  {
    id: "T-27",
    area: "data connections",
    symptom: "The source has a new column, and Habu does not show it.",
    cause: "Habu keeps the schema that it read at the last check.",
    check: "Compare the connection's fields with the source.",
    fix: [
      retryConnection,
      server(
        "Map the new field, then update the datasets in the clean rooms.",
        "manage_data_integration",
        "mapFieldConfigurations",
        "updateCleanroomDatasetById"
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["new column", "schema chang", "column added", "added column", "new field", "column invisible"]
  },
  {
    id: "T-28",
    area: "data connections",
    symptom: "Signing in to Snowflake with a key pair fails.",
    cause: "The private key is protected by a passphrase.",
    check: "Look at the key's first line: it must not say ENCRYPTED.",
    fix: [
      owner("Make an unencrypted key and put it into the credential, by a reference and never in a conversation."),
      server("Rotate the credential.", "manage_data_integration", "updateOrganizationCredential"),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "key pair",
      "private key",
      "keypair",
      "snowflake key",
      "passphrase",
      "encrypted key",
      "snowflake login",
      "snowflake sign"
    ]
  },
  {
    id: "T-29",
    area: "data connections",
    symptom: "Snowflake lets Habu sign in, but queries fail.",
    cause: "The role lacks USAGE and OPERATE on the warehouse, USAGE on database and schema, or SELECT on the table.",
    check: "Read the grants of the role in Snowflake.",
    fix: [owner("Grant what is missing to the role."), retryConnection],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "snowflake grant",
      "snowflake query",
      "warehouse",
      "snowflake usage",
      "snowflake privilege",
      "snowflake permission",
      "snowflake select"
    ]
  },
  {
    id: "T-30",
    area: "data connections",
    symptom: "A Snowflake connection works in one kind of clean room and not in another.",
    cause:
      "Connections for Hybrid and for Snowflake clean rooms are made differently and cannot stand in for each other.",
    check: "Compare the connection's source with the clean room's type.",
    fix: [
      server(
        "Make a second connection of the kind that the clean room needs.",
        "establish_data_connection",
        "createDataConnection"
      )
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "snowflake hybrid",
      "snowflake native",
      "snowflake one room",
      "snowflake clean room type",
      "snowflake only one",
      "snowflake other"
    ]
  },
  {
    id: "T-31",
    area: "data connections",
    symptom: "Setting up a BigQuery connection for a BigQuery clean room fails.",
    cause: "The service account may not create, read and change datasets, or the APIs are off in the project.",
    check: "Read the service account's roles and the project's enabled APIs.",
    fix: [
      owner("Grant bigquery.datasets.create, get and update, and enable the APIs that Habu names."),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: ["bigquery", "big query", "google cloud bigquery"]
  },
  {
    id: "T-32",
    area: "data connections",
    symptom: "S3 answers access denied although the bucket's policy is right.",
    cause: "The files are encrypted with a KMS key that LiveRamp's role may not use.",
    check: "Look whether the bucket uses a KMS key and who may use it.",
    fix: [
      owner(
        "Let LiveRamp's role use the key (kms:Decrypt, for exports also kms:GenerateDataKey), or give LiveRamp the key's ARN."
      ),
      retryConnection
    ],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "kms",
      "s3 access denied",
      "s3 denied",
      "bucket policy",
      "bucket denied",
      "encryption key",
      "access denied bucket"
    ]
  }
] as const satisfies ReadonlyArray<Shape>

const exporting = [
  {
    id: "T-43",
    area: "exports",
    symptom: "An export cannot be created.",
    cause: "The clean room's owner has not switched exports on, or this kind of clean room has none.",
    check: "Read ENABLE_EXPORT and the type of the clean room.",
    fix: [
      server(
        "If the clean room is ours, switch exports on (this lowers protection, so it is confirmed first).",
        "manage_cleanroom_lifecycle",
        "updateCleanroom"
      ),
      partner("If it is a partner's, its owner decides."),
      server("If the kind of clean room has no exports, read the results instead.", "retrieve_and_analyze_results")
    ],
    evidence: ["documented"],
    shown: "yes",
    words: [
      "export refus",
      "cannot export",
      "export not enabl",
      "export cannot",
      "create export",
      "export creat",
      "export denied",
      "no export"
    ]
  },
  {
    id: "T-44",
    area: "exports",
    symptom: "A destination stays at PENDING_CHANNEL in a clean room.",
    cause: "The clean room's owner has not approved it.",
    check: "Read the destination's channel status and whose it is.",
    fix: [
      server(
        "If the clean room is ours, review the request (approving sends data out, so it is confirmed first).",
        "manage_data_exports",
        "reviewDestinationProvisioningRequest"
      ),
      partner("If it is a partner's, its owner approves the request.")
    ],
    evidence: ["documented", "contract"],
    shown: "yes",
    words: [
      "pending channel",
      "pending_channel",
      "destination pend",
      "destination approv",
      "not approved",
      "waiting approval",
      "destination wait"
    ]
  },
  {
    id: "T-45",
    area: "exports",
    symptom: "An export from a Confidential Computing clean room fails.",
    cause: "The bucket or container is not on LiveRamp's list of allowed ones.",
    check: "See the clean room's type and the error of the export's run.",
    fix: [liveramp("Ask LiveRamp to allow the bucket or container.")],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "confidential export",
      "tee export",
      "allow list",
      "allowlist",
      "export bucket fail",
      "confidential computing"
    ]
  },
  {
    id: "T-46",
    area: "exports",
    symptom: "An export seems done, but its files are not complete.",
    cause: "They were read before the end: the file _SUCCESS marks it.",
    check: "See whether the export's run is COMPLETE, and whether _SUCCESS lies in the folder.",
    fix: [owner("Read the folder only once _SUCCESS is in it.")],
    evidence: ["documented"],
    shown: "partly",
    words: [
      "_success",
      "files incomplete",
      "incomplete file",
      "half file",
      "partial file",
      "export incomplete",
      "part file"
    ]
  },
  {
    id: "T-47",
    area: "exports",
    symptom: "An export's run ended with NO_NEW_USERS.",
    cause: "The list holds nobody who was not sent before. This is no error.",
    check: "Compare the records sent with those sent in all.",
    fix: [
      server(
        "Run the question again on newer data if new people are expected.",
        "execute_question_workflow",
        "createCleanroomQuestionRun"
      )
    ],
    evidence: ["contract", "inferred"],
    shown: "yes",
    words: ["no_new_users", "no new user", "nobody new", "sent nobody", "export nothing new", "export sent nothing"]
  },
  {
    id: "T-48",
    area: "exports",
    symptom: "An export's run ended with THRESHOLD_WARNING.",
    cause: "The list seems to be smaller than a minimum; LiveRamp does not document which.",
    check: "Read the records of the run and those of the question's run behind it.",
    fix: [
      server(
        "See why the list is so small: look into the question's run that it came from.",
        "troubleshoot_issues",
        "getDataExportJobRuns"
      ),
      liveramp("Ask LiveRamp which minimum holds for this destination.")
    ],
    evidence: ["contract", "inferred"],
    shown: "yes",
    words: ["threshold", "too small list", "list too small", "export warning", "minimum size"]
  }
] as const satisfies ReadonlyArray<Shape>

const flowsAndSchedules = [
  {
    id: "T-49",
    area: "flows",
    symptom: "A flow cannot be run.",
    cause: "It is not Ready, as some dataset is not assigned, or this kind of clean room has no flows.",
    check: "Read the flow's stage, its nodes' datasets and the clean room's type.",
    fix: [
      server(
        "Assign the datasets of its nodes and wait until its stage is Ready.",
        "execute_flow_workflow",
        "getCleanroomFlow",
        "assignCleanroomFlowDatasets"
      )
    ],
    evidence: ["documented"],
    shown: "yes",
    words: ["flow not ready", "flow cannot", "cannot run flow", "flow run option", "flow 412", "flow start"]
  },
  {
    id: "T-50",
    area: "flows",
    symptom: "The report of a flow's node is not found, or is that of another node.",
    cause: "The node was named by its label or title; labels repeat, only its UUID names it.",
    check: "Compare what was given with the nodes of the flow run.",
    fix: [
      server(
        "List the run's output nodes and use the node's UUID.",
        "execute_flow_workflow",
        "getCleanroomFlowRunOutputNodes",
        "getCleanroomFlowRunReport"
      )
    ],
    evidence: ["contract"],
    shown: "yes",
    words: ["node report", "node 404", "wrong node", "node not found", "report node", "node label", "node title"]
  },
  {
    id: "T-51",
    area: "flows",
    symptom: "A flow run stands at Paused.",
    cause: "It was started with a level at which to pause.",
    check: "Read the status of the flow run.",
    fix: [server("Resume it; this counts as a start.", "execute_flow_workflow", "resumeCleanroomFlowRun")],
    evidence: ["documented", "contract"],
    shown: "yes",
    words: ["paused", "paused flow run", "pause", "flow stop", "flow stuck", "not go on", "not continue", "stand still"]
  },
  {
    id: "T-56",
    area: "schedules",
    symptom: "A schedule starts its runs at an hour that nobody meant.",
    cause: "Habu keeps no time zone with a schedule; its hour is UTC.",
    check: "Read the schedule back and convert its start into local time.",
    fix: [
      server(
        "Set the start to the hour meant, converted to UTC; it moves with daylight saving.",
        "manage_question_schedules",
        "getCleanroomQuestionRunScheduleById",
        "patchCleanroomQuestionRunScheduleById"
      )
    ],
    evidence: ["contract", "inferred"],
    shown: "yes",
    words: [
      "wrong hour",
      "time zone",
      "timezone",
      "wrong time",
      "hour early",
      "hour late",
      "hours early",
      "hours late",
      "schedule hour",
      "at night"
    ]
  }
] as const satisfies ReadonlyArray<Shape>

interface Shape extends Omit<Entry, "id"> {
  readonly id: `T-${number}`
}

const parts = [
  ...signingIn,
  ...limits,
  ...cleanRooms,
  ...people,
  ...questions,
  ...results,
  ...connections,
  ...exporting,
  ...flowsAndSchedules
] as const

/**
 * An entry's id.
 *
 * @since 0.1.0
 * @category models
 */
export type Id = (typeof parts)[number]["id"]

/**
 * All entries, in the order of their ids.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Entry> = [...parts].sort((a, b) => a.id < b.id ? -1 : 1)

const byId: ReadonlyMap<string, Entry> = new Map(all.map((entry) => [entry.id, entry]))

/**
 * One entry by its id, in any case of letters.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (text: string): Entry | undefined => byId.get(text.trim().toUpperCase())
