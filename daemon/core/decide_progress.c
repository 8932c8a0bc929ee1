/* What the lead says of the work: how far it is, that it is done, and the proof of it.
 *
 * Proof comes in pieces, `evidence_files`; programs of 1.0.0 give one, `evidence` with its SHA-256, and read one. A record
 * that says anything of proof says it both ways.
 */
#include <stdio.h>

#include "core/decide.h"
#include "core/due_report.h"
#include "core/naming.h"
#include "core/target.h"
#include "core/task_field.h"

/* ---- the proof ---- */

static bool has_proof(const struct msg_progress *progress)
{
    return progress->evidence_files.count > 0 || progress->evidence.size > 0;
}

/* What stands beside the pieces for older brokers says what the first of them says. */
static int check_first(const struct msg_progress *progress, struct problem *problem)
{
    static const struct msg_evidence_file none = {0};
    const struct msg_evidence_file_items *files = &progress->evidence_files;
    const struct msg_evidence_file *first = files->count ? &files->items[0] : &none;
    if (MSG_HAS(progress, progress, evidence) && !text_equal(progress->evidence, first->name))
        return problem_set(problem, COORD_E_BAD_VALUE, "evidence",
                           "Beside `evidence_files` it is the name of their first, or is left out.");
    if (MSG_HAS(progress, progress, evidence_sha256) && !text_equal(progress->evidence_sha256, first->sha256))
        return problem_set(problem, COORD_E_BAD_VALUE, "evidence_sha256",
                           "Beside `evidence_files` it is that of their first, or is left out.");
    return 0;
}

static int check_files(const struct msg_progress *progress, struct problem *problem)
{
    int error = MSG_HAS(progress, progress, evidence_files) ? check_first(progress, problem) : 0;
    if (!error && progress->evidence.size > 0)
        error = naming_check_name(progress->evidence, "evidence", problem);
    for (uint32_t i = 0; !error && i < progress->evidence_files.count; i++) {
        char path[32];
        snprintf(path, sizeof path, "evidence_files[%u].name", (unsigned)i);
        error = naming_check_name(progress->evidence_files.items[i].name, path, problem);
    }
    return error;
}

/* The pieces as one, for those who read one. */
static void tell_first(struct msg_record *record)
{
    const struct msg_evidence_file_items *files = &record->evidence_files;
    record->has &= ~MSG_BIT(record, evidence_sha256);
    MSG_SET(record, record, evidence, files->count ? files->items[0].name : (struct text){0});
    if (files->count && MSG_HAS(&files->items[0], evidence_file, sha256))
        MSG_SET(record, record, evidence_sha256, files->items[0].sha256);
}

/* The one as a piece. */
static void tell_pieces(struct step *step, const struct msg_progress *progress, struct msg_record *record)
{
    struct msg_evidence_file *file = step_alloc(step, 1, sizeof *file);
    MSG_SET(file, evidence_file, name, progress->evidence);
    if (MSG_HAS(progress, progress, evidence_sha256))
        MSG_SET(file, evidence_file, sha256, progress->evidence_sha256);
    MSG_SET(record, record, evidence_files, ((struct msg_evidence_file_items){file, progress->evidence.size > 0}));
}

static int tell(struct decision *decision, const struct msg_progress *progress, struct problem *problem)
{
    if (check_files(progress, problem))
        return problem->error;
    task_tell_progress(&decision->record, progress);
    if (MSG_HAS(progress, progress, evidence_files))
        tell_first(&decision->record);
    else if (MSG_HAS(progress, progress, evidence))
        tell_pieces(decision->step, progress, &decision->record);
    return 0;
}

/* ---- the two requests ---- */

int decide_report(struct decision *decision, const struct msg_progress *report, struct problem *problem)
{
    const struct task *task = decision->task;
    bool counts;
    if (tell(decision, report, problem) || target_decide(decision, report, &counts, problem))
        return problem->error;
    if (!counts)
        return 0;
    due_set_report(&decision->record, task->course->reporting, task->assigned,
                   due_after_report(decision->step->core, task, decision->step->now_ms));
    if (task->course->reporting) /* of what is owed never there are no rounds */
        decision_begin_rounds(decision, TERM_BIT(DEADLINE_REPORT));
    return 0;
}

/* Proof that a report brought before is not proof that the work is done: each submission brings its own. */
int decide_submit(struct decision *decision, const struct msg_progress *submit, struct problem *problem)
{
    const struct policy *policy = core_policy_of(decision->step->core, decision->task);
    if (policy && policy_message(policy)->evidence == PROOF_REQUIRED && !has_proof(submit))
        return problem_set(problem, COORD_E_EVIDENCE_REQUIRED, "evidence_files",
                           "The task's policy `%.*s` asks for proof: submit it with at least one file or URL.",
                           TEXT_ARGS(policy_message(policy)->policy));
    if (target_check_submission(decision, submit, problem) || decision_over_parts(decision, submit->note, problem))
        return problem->error;
    return tell(decision, submit, problem);
}
