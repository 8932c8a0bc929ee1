/* The protocol's messages, as far as the pages read them: fields as PROTOCOL.md has them, times in milliseconds. */
export interface Agency { agency: string; name: string; name_en?: string; sort?: string; parent?: string; assignable?: boolean; valid_until?: number; successor?: string; stand_in?: StandIn }
/* Who stands in for an agency: from a day to a day, and from when until when that is. */
export interface StandIn { by: string; from: number; until: number; from_day: string; until_day: string }
export interface EvidenceFile { name: string; size?: number; sha256?: string }
export interface Escalation {
  escalation: number; level: number; to: string[]; opened: number; reason?: string; by?: string; step?: number;
  acknowledged?: number; acknowledged_by?: string; closed?: number; superseded?: boolean;
}
/* What the lead of a task asks for; open while it has no outcome. */
export interface Wish { due?: number; due_day?: string; lead?: string; until?: number; until_day?: string }
export interface Asked {
  ask: number; asking: string; by: string; asked: number; wanted: Wish; reason?: string; decider: string; decide_due?: number;
  outcome?: string; decided?: number; decided_by?: string; decision?: string; granted?: Wish;
}
/* What the lead asks other agencies their opinion of, and each opinion: owed while it has no `ended`. */
export interface Question { question: number; by: string; asked: number; due: number; due_day?: string; note?: string; evidence?: string[] }
export interface Opinion {
  question: number; agency: string; state: string; silent?: number; ended?: number; by?: string; answer?: string; note?: string; evidence?: string[]; silent_days?: number;
}
/* Whose clock ran, in milliseconds of working time. */
export interface Turn { agency: string; charge: string; since: number; until?: number; worked: number }
export interface CustodyTally {
  agency: string; tasks: number; now: number; taking_up: number; working: number; deciding: number; answering: number; confirming: number; suspended: number; passed_on: number; came_back: number;
}
export interface TaskCustody { turns: Turn[]; tallies: CustodyTally[]; since?: number; elapsed: number }
export interface Paragraph { paragraph: string; text?: string }
export interface Paper {
  document: string; issuer?: string; kind: string; title: string; issued?: string; scope?: string; paragraphs?: Paragraph[]; force?: string; since?: number; note?: string; replaced_by?: string;
}
export interface Covered { paragraph?: string; missing?: boolean; tasks: number; open: number; submitted: number; completed: number; overdue: number; late: number }
export interface Citing {
  task: number; reference: string; title: string; assigner: string; lead: string; kind: string; state: string; timeliness: string; due?: number; due_day?: string; percent?: number; paragraphs?: string[];
  parts?: number; open_parts?: number; asks?: string[]; open_escalations?: number; answer?: string;
}
export interface HotSpotRule { rule: string; area?: string; agency?: string; tasks: number; to: string[]; by?: string }
export interface HotSpot { rule: HotSpotRule; count: number; raised?: number; counting?: boolean; tasks?: { task: number; reference: string; lead: string; overdue?: boolean; escalated?: boolean }[] }
export interface Schedule {
  schedule: string; number: number; assigner?: string; leads?: string[]; children_of?: string; content: { title?: string; kind?: string; due?: string }; period: string; due_at_end?: boolean; until?: string; count?: number;
  next?: string; last?: string; periods?: number; made?: number; trouble?: string; ended?: number;
}
/* How a target is measured, period by period: `per` of a rate, so many to each. */
export interface Indicator { better?: string; counting?: string; per?: number }
export interface Measured { period: string; value: number; numerator?: number; denominator?: number; time?: number; was?: number }
export interface Task {
  stands_in_for?: string; // in whose name it waits, or is shown
  task: number; reference: string; state: string; version: number; assigner: string; lead: string; kind?: string; title?: string;
  description?: string; document?: string; paragraph?: string; cooperating?: string[]; supervisor?: string; observers?: string[];
  priority?: string; area?: string; tags?: string[]; target?: number; unit?: string; parent?: number; scope?: string; reporting?: string;
  policy?: string; policy_version?: number; calendar?: string; assigned: number; due?: number; due_day?: string; original_due?: number;
  accept_due?: number; report_due?: number; percent?: number; value?: number; note?: string; note_by?: string; note_time?: number;
  evidence_files?: EvidenceFile[]; reported?: number; submitted?: number; closed?: number; suspended?: number; resumes_as?: string;
  escalations?: Escalation[]; timeliness?: string;
  assigner_note?: string; assigner_note_by?: string; assigner_note_time?: number; other_note?: string; other_note_by?: string;
  other_note_time?: number; rejection?: string; rejected_by?: string; rejected?: number; lead_unanswered?: number; assigner_unanswered?: number;
  asks?: Asked[]; until?: number; follows?: number; weight?: number; parts_percent?: number; open_parts?: number; waits_for?: number[]; held_up?: number[]; answer?: string; passed_to?: string;
  questions?: Question[]; opinions?: Opinion[]; paragraphs?: string[]; custody?: { agency?: string; charge?: string; since?: number }; bounces?: number;
  successions?: { role: string; agency: string; successor: string; since: number }[];
  indicator?: Indicator; plan?: { period: string; value: number }[]; values?: Measured[]; value_owed?: string; value_missing?: string; values_missing?: string[]; values_missing_more?: number;
}
/* How a target stands, and its periods: `planned`, `value` and `reached` are of the period, or of amounts the last of them of all up to it. */
export interface Course {
  task: number; reference: string; title: string; lead: string; state: string; unit?: string; reporting?: string; due?: number; due_day?: string; better?: string; counting?: string; per?: number; target?: number; reached?: number;
  latest?: string; value?: number; planned?: number; deviation?: number; met?: boolean; trend?: number; forecast?: number; will_be_met?: boolean; value_owed?: string; report_due?: number; value_missing?: string; values_missing?: string[]; values_missing_more?: number;
}
export interface CoursePeriod { period: string; planned?: number; value?: number; numerator?: number; denominator?: number; time?: number; deviation?: number; met?: boolean; reached?: number; missing?: boolean }
/* A date of a task, and how it came about; a step of its ladder, with what it does next. */
export interface Dated {
  deadline?: string; ask?: number; question?: number; suspension?: boolean; due: number; due_day?: string; runs?: boolean; counted?: { words: string; from: number; stood?: number; period?: number };
  first?: number; first_day?: string; round?: number; round_since?: number; lines?: Line[];
}
export interface Climb {
  step: number; deadline: string; does: string; level?: number; fired: number; escalation?: number; next?: number; next_day?: string; instant?: number; occurrence?: number; told?: string[]; text?: string;
}
export interface TaskDates { dates?: Dated[]; stood?: Turn[]; ladder?: Climb[]; notes?: Line[]; policy?: string; policy_version?: number }
export interface Line { day?: string; time?: number; text: string }
export interface TaskReply { task: Task; may?: string[]; stands_in_for?: string }
export interface Rec {
  seq: number; time: number; record: string; actor?: string; stand_in?: string; officer?: string; request?: string; task?: number; version?: number; action?: string; state?: string;
  reference?: string; title?: string; lead?: string; due?: number; due_day?: string; percent?: number; value?: number; note?: string;
  content?: Record<string, unknown>; deadline?: string; step?: number; occurrence?: number; level?: number; addressed?: string[]; notice?: string;
  severity?: string; reason?: string; to?: string[]; superseded?: number[]; evidence_files?: EvidenceFile[]; escalation?: number;
  counted?: { words: string; from: number; was?: number }; asked?: Asked; until?: number; answer?: string; passed_to?: string;
  question?: Question; opinions?: Opinion[]; measured?: Measured; value_missing?: string;
}
export interface OpenEscalation { stands_in_for?: string; task: number; reference: string; title: string; lead: string; state: string; due?: number; due_day?: string; escalation: Escalation }
export interface Explained { day: string; working_days: number; lines: Line[]; due?: number; working_minutes?: number }
export interface Changed { task: number; reference: string; lead: string; version: number; state: string; due?: number; due_day?: string; policy?: string }
export interface ChangeReply { seq: number; time: number; tasks?: Changed[]; dry_run?: boolean }
export interface Step { deadline: string; offset: number; unit: string; does: string; level?: number; to?: string[] }
export interface Policy { policy: string; version?: number; name?: string; source?: string; accept_within?: number; accept_unit?: string; due?: string; steps: Step[]; acknowledged_for?: number; evidence?: string; decide_within?: number; decide_unit?: string; ask_before?: number; ordinary?: number }
export interface Tally {
  assigned: number; open: number; on_time: number; late: number; overdue: number; open_escalations: number; worst_delay: number;
  due_week: number; overdue_before: number; submitted: number; undecided: number; // of on_time and late, those that nobody has confirmed
}
export interface HotTask { task: number; reference: string; title: string; lead: string; level: number; due?: number; due_day?: string }
export interface DocumentCounts { document: string; assigned: number; done: number; submitted: number; overdue: number }
export interface Overview {
  time: number; agency: string; waiting: number; requests: number; agencies: Record<string, Tally>; escalations: { level: number; open: number; acknowledged: number; ended: number }[];
  due_week_end: number; stale?: boolean; hot: HotTask[]; documents: DocumentCounts[]; trend: { time: number; overdue: number; open: number; submitted: number }[];
}
export interface Me {
  user: string; officer: string; agency: string; rights: string[]; language?: string; csrf: string; password?: boolean; totp?: boolean; broker: { state: string; time?: number };
}
