/**
 * One worked example of each tool: what the tool's page shows, and what a test carries out in this order on one sandbox.
 */
import type { JsonObject } from "../../src/mcp/JsonSchemas.js"

export interface Example {
  readonly tool: string
  /** What somebody wants. */
  readonly task: string
  readonly arguments: JsonObject
  /** What the answer must hold, among more. Of a list, these items in any order. */
  readonly answer: JsonObject
}

const campaign = "Fizzwell Summer Campaign"
const autumn = "Autumn Campaign"

export const all: ReadonlyArray<Example> = [
  {
    tool: "health_check",
    task: "Is everything in order here, and what is left of Habu's budgets?",
    arguments: {},
    answer: {
      status: "done",
      api: { reachable: true, http_status: 200 },
      credentials: { usable: true },
      breaker: { state: "closed" },
      budgets: [{ budget: "token", left: 2, limit: 2 }, { budget: "question_run_start", left: 20, limit: 20 }]
    }
  },
  {
    tool: "test_connection",
    task:
      "Whose key is this, and what may it do? One clean room keeps its partners from it, so the answer is `partial`.",
    arguments: {},
    answer: {
      status: "partial",
      organization: { name: "Alder & Pine Retail" },
      access: [{ part: "clean rooms", outcome: "answered", count: 7 }],
      clean_rooms: [{ clean_room: { name: campaign }, access: [{ part: "partners", outcome: "answered", count: 2 }] }]
    }
  },
  {
    tool: "find_resources",
    task: "Where is the question on campaign reach, and can it be run?",
    arguments: { kind: "questions", name: "campaign reach" },
    answer: {
      status: "done",
      total: 1,
      questions: [{
        display_id: "CRQ-138020",
        name: "Campaign reach and sales overlap",
        clean_room: `${campaign} (CR-045101)`,
        ready: true
      }],
      next_steps: [{ tool: "execute_question_workflow", arguments: { question: "CRQ-138020", dry_run: true } }]
    }
  },
  {
    tool: "describe_api_operations",
    task: "Which operation of the API pauses an export job?",
    arguments: { search: "pause an export job" },
    answer: {
      status: "done",
      operations: [{
        id: "changeJobStatus",
        request: "PATCH /exports/jobs/:exportJobId/status",
        does: "Pauses or resumes an export job",
        grade: "outward"
      }]
    }
  },
  {
    tool: "call_api_operation",
    task: "Call an operation of the API as it is.",
    arguments: { operation: "getAllCleanrooms", query: { limit: 2 } },
    answer: {
      status: "done",
      request: "GET /cleanrooms?limit=2",
      count: 2,
      answer: [{ displayId: "CR-045101", name: campaign, status: "COMPLETE" }]
    }
  },
  {
    tool: "monitor_cleanroom_status",
    task: "How is the summer campaign going, and who has to do what?",
    arguments: { clean_room: campaign },
    answer: {
      status: "done",
      clean_room: { name: campaign, expired: false },
      readiness: {
        questions: { total: 11, ready: 10 },
        questions_not_ready: [{
          name: "Segment Mix of a People List",
          status: "MISSING_DATASETS",
          missing: ["@people"],
          whose_turn: ["Alder & Pine Retail"]
        }],
        datasets: { total: 8, ready: 8 }
      },
      partners: [{ name: "Fizzwell Beverages", open_macros: 0 }],
      invitations: [{ email: "owen.marsh@kestrel.example", status: "DECLINED" }]
    }
  },
  {
    tool: "monitor_organization_health",
    task: "How is the whole organisation, and what would help most? One part is denied, and said to be.",
    arguments: {},
    answer: {
      status: "partial",
      rules: { readiness: "READY questions among all" },
      recommendations: [{ do: "Mend or finish the data connections", urgency: "now" }]
    }
  },
  {
    tool: "analyze_usage_patterns",
    task: "How is this clean room used?",
    arguments: { clean_room: campaign },
    answer: {
      status: "done",
      clean_rooms: [{ name: `${campaign} (CR-045101)` }],
      questions: [{ name: "Campaign reach and sales overlap (CRQ-138020)" }],
      partners: [{ name: "Lumen Street Media", standing: "its data is used" }]
    }
  },
  {
    tool: "troubleshoot_issues",
    task: "Why does this question fail?",
    arguments: { question: "Loyal Members Contact Sheet", symptom: "the run failed" },
    answer: {
      status: "done",
      verdict: "found",
      causes: [{
        id: "T-12",
        cause: "An analytical question may not put out a field that is labelled as personal data.",
        confidence: "proven",
        found: "The output \"contact\" comes from the field \"email\", labelled as PII.",
        fix: [{ do: "Take the field out of the output: join on it, filter by it or count it instead.", who: "server" }]
      }]
    }
  },
  {
    tool: "manage_data_integration",
    task: "What is wrong with this data connection?",
    arguments: { action: "diagnose", connection: "Legacy Shop Export" },
    answer: {
      status: "done",
      connections: [{ name: "Legacy Shop Export", source: "Client AWS S3", state: "CONFIGURATION_FAILED" }],
      causes: [{
        id: "T-18",
        found: "It stands at CONFIGURATION_FAILED: Habu could not sign in or read. Why, only its UI shows.",
        fix: [
          "Read the reason at the connection's status. (habu ui)",
          "Let Habu check the same data connection again; do not make a second one. (server)"
        ]
      }]
    }
  },
  {
    tool: "establish_data_connection",
    task:
      "Bring the loyalty members in a bucket into Habu. The mapping is proposed first: a person agrees to it, and the " +
      "same call with its mark in `agreed_mappings` goes on.",
    arguments: {
      source: "CLIENT_AWS",
      data_type: "CRM",
      credential: "Alder & Pine AWS",
      connections: [{
        name: "Alder & Pine Loyalty",
        parameters: {
          DataLocation: "s3://alder-pine-data/retail_crm/",
          FileFormat: "Parquet",
          SampleFilePath: "",
          JobFrequency: "DAILY",
          RefreshType: "INCREMENTAL",
          IdentifierType: "ID"
        }
      }]
    },
    answer: {
      status: "needs_input",
      connections: [{ name: "Alder & Pine Loyalty", state: "MAPPING_REQUIRED" }],
      proposals: [{
        data_connection: "Alder & Pine Loyalty",
        fields: [
          { field: "cid", identifier_type: "Customer First Party Identifier", user_id: true, confidence: "high" },
          {
            field: "email_sha256",
            identifier_type: "Email SHA256 Hashed",
            pii: true,
            reason: "named like Email SHA256 Hashed"
          }
        ]
      }],
      steps: [{ step: "create data connection \"Alder & Pine Loyalty\"", result: "done" }]
    }
  },
  {
    tool: "setup_cleanroom_workspace",
    task: "Make a clean room for the autumn campaign, with our data, a colleague and a partner.",
    arguments: {
      name: autumn,
      type: "Hybrid",
      region: "US",
      cloud: "GCP",
      sub_region: "EAST1",
      crowd_size: 25,
      data_decibel: 2,
      partners: ["ada@partner.example"],
      users: { "Priya Nair": "Viewer" },
      datasets: ["Alder & Pine CRM", "Alder & Pine Transactions"]
    },
    answer: {
      status: "done",
      clean_room: { display_id: "CR-045109", name: autumn, owner: "Alder & Pine Retail" },
      holds: {
        people: ["priya.nair@alderpine.example (Viewer)"],
        invitations: ["ada@partner.example (PENDING)"],
        datasets: [
          "Alder & Pine CRM of Alder & Pine Retail",
          "Alder & Pine Transactions of Alder & Pine Retail"
        ]
      },
      steps: [
        { step: `create the clean room "${autumn}"`, result: "done" },
        { step: "invite ada@partner.example", result: "done" }
      ]
    }
  },
  {
    tool: "manage_cleanroom_lifecycle",
    task: "Raise the crowd size. Habu hides the other settings and would forget them; they are kept.",
    arguments: { clean_room: autumn, action: "update", crowd_size: 30 },
    answer: {
      status: "done",
      settings: ["region: US", "cloud: GCP", "sub_region: EAST1", "crowd_size: 30"],
      steps: [{ step: `update the settings of ${autumn} (CR-045109)`, result: "done" }]
    }
  },
  {
    tool: "onboard_partner",
    task: "What has become of the invitations to this clean room?",
    arguments: { clean_room: "Holiday Planning", action: "track" },
    answer: {
      status: "done",
      invitations: [{
        email: "noah.kim@fizzwell.example",
        invitation_status: "PENDING",
        whose_turn: "the partner's",
        what_to_do: "Wait; the partner accepts in Habu under Inbound Invitations."
      }]
    }
  },
  {
    tool: "deploy_analytics_question",
    task: "Bring an existing question into the new clean room and make it ready.",
    arguments: { clean_room: autumn, questions: ["Sales by Store"] },
    answer: {
      status: "done",
      questions: [{
        display_id: "CRQ-138065",
        name: "Sales by Store",
        status: "READY",
        datasets: ["@transactions = Alder & Pine Transactions"]
      }],
      steps: [
        { step: "add the question \"Sales by Store (CRQ-138051)\"", result: "done" },
        { step: "assign datasets of Sales by Store (CRQ-138051)", result: "done" }
      ]
    }
  },
  {
    tool: "manage_permissions",
    task: "Let partners see the query of a question. A person is asked first.",
    arguments: {
      clean_room: autumn,
      action: "questions",
      questions: ["Sales by Store"],
      permissions: { VIEW_CODE: "partners" }
    },
    answer: {
      status: "done",
      steps: [{ step: "permissions of Sales by Store (CRQ-138065)", result: "done" }]
    }
  },
  {
    tool: "execute_question_workflow",
    task:
      "Run a question. Usually the answer is `running` and says when to call again; the sandbox of the test is quick.",
    arguments: { question: "Sales by Store", clean_room: autumn, wait_seconds: 45 },
    answer: {
      status: "done",
      run: { phase: "completed", question: "Sales by Store", clean_room: autumn },
      results: {
        row_count: 40,
        columns: [{ name: "store_id", type: "STRING" }, { name: "shoppers", type: "LONG" }, {
          name: "sales",
          type: "DECIMAL"
        }]
      },
      run_starts_left: 19
    }
  },
  {
    tool: "retrieve_and_analyze_results",
    task: "Ask the latest results something, and draw them. The picture comes along with the answer.",
    arguments: {
      question: "Sales by Store",
      clean_room: autumn,
      sql: "SELECT store_id, sales FROM results ORDER BY sales DESC LIMIT 3",
      chart: "bar"
    },
    answer: {
      status: "done",
      row_count: 40,
      query: { columns: [{ name: "store_id", type: "VARCHAR" }, { name: "sales" }], row_count: 3 },
      chart: { kind: "bar" }
    }
  },
  {
    tool: "manage_question_schedules",
    task: "Run it every Monday from now on.",
    arguments: { action: "create", question: "Sales by Store", clean_room: autumn, frequency: "WEEKLY", days: ["MON"] },
    answer: {
      status: "done",
      steps: [{ step: "schedule \"Sales by Store weekly\"", result: "done" }],
      schedules: [{ schedule: "Sales by Store weekly", question: "Sales by Store (CRQ-138065)", active: true }],
      reasons: ["Ends after 90 days, so that it is not forgotten; give end to change that."]
    }
  },
  {
    tool: "share_results",
    task: "Share the results of a question with one of the partners.",
    arguments: {
      question: "Campaign reach and sales overlap",
      action: "share",
      partners: ["Fizzwell Beverages"]
    },
    answer: {
      status: "done",
      shares: [
        { partner: "Fizzwell Beverages", shared: true, sees_results: true },
        { partner: "Lumen Street Media", shared: false }
      ]
    }
  },
  {
    tool: "manage_data_exports",
    task: "Send the list of exposed buyers to our store with every run. A person is asked first.",
    arguments: {
      action: "export",
      clean_room: campaign,
      questions: ["Exposed Buyers - User List"],
      destinations: ["Alder & Pine S3 Exports"],
      parameters: { S3_EXPORT_PATH: "s3://alder-pine-exports/summer/buyers/" }
    },
    answer: {
      status: "done",
      steps: [{ step: "export \"Exposed Buyers - User List\" to \"Alder & Pine S3 Exports\"", result: "done" }]
    }
  },
  {
    tool: "execute_flow_workflow",
    task: "What does this flow do, and what does it ask for?",
    arguments: { flow: "Exposed Buyer Profile", action: "describe" },
    answer: {
      status: "done",
      flow: { display_id: "CRF-002011", stage: "READY", version: 1 },
      nodes: [
        {
          name: "Exposed Buyers - User List",
          level: 0,
          lists_people: true,
          parameters: ["exposures.date_start", "exposures.date_end"]
        },
        {
          name: "Segment Mix of a People List",
          level: 1,
          reads: ["@people: the result of \"Exposed Buyers - User List (Q-004305)\""]
        }
      ]
    }
  }
]

export const of = (tool: string): Example => {
  const example = all.find((one) => one.tool === tool)
  if (example === undefined) throw new Error(`test/docs/Examples.ts has no example of ${tool}`)
  return example
}
