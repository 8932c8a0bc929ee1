/* What is not done without saying why, in the words of the design: a reason of which nothing can be seen is none. */
#include "sim/sim.h"

bool reasons_is_said(struct text reason)
{
    for (uint32_t i = 0; i < reason.size; i++)
        if ((unsigned char)reason.data[i] > ' ')
            return true; /* the traffic's blanks are spaces, tabs and newlines */
    return false;
}

static bool is_needed(enum op op)
{
    switch (op) {
    case OP_REJECT:
    case OP_CANCEL:
    case OP_SUSPEND:
    case OP_REASSIGN:
    case OP_COMMENT:
    case OP_ESCALATE:
    case OP_ASK:
    case OP_DENY:
    case OP_ANSWER:
    case OP_CONSULT:
    case OP_OPINE:
        return true;
    default:
        return false;
    }
}

static struct text of(enum op op, const union asked *asked)
{
    return op == OP_SUSPEND    ? asked->suspend.note
           : op == OP_REASSIGN ? asked->reassign.note
           : op == OP_COMMENT  ? asked->comment.note
           : op == OP_ESCALATE ? asked->escalate.note
           : op == OP_ASK      ? asked->ask.note
           : op == OP_DENY     ? asked->deny.note
           : op == OP_ANSWER   ? asked->answer.note
           : op == OP_CONSULT  ? asked->consult.note
           : op == OP_OPINE    ? asked->opine.note
           : op == OP_REJECT   ? asked->reject.note
                               : asked->cancel.note;
}

bool reasons_are_missing(enum op op, const union asked *asked)
{
    return is_needed(op) && !reasons_is_said(of(op, asked));
}

struct text reasons_write(struct sim *sim, const char *reason)
{
    static const char *const blanks[] = {" ", "\n", " \t\n "};
    const uint32_t at = traffic_pick(sim, 120);
    return text_of(at < 3 ? blanks[at] : reason);
}
