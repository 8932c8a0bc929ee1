/* What tests do again and again. */
#include "unit/core/world.h"
#include "unit/core/world_parts.h"

uint64_t world_assign(struct world *world, const char *assigner, const char *lead, const char *reference,
                      const char *due)
{
    struct text leads[] = {text_of(lead)};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    world_must(world, world_send(world, assigner, OP_ASSIGN, &assign));
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

int world_act(struct world *world, const char *agency, enum op op, uint64_t task)
{
    struct msg_reason reason = {0};
    struct msg_suspend suspend = {0};
    struct msg_answer answer = {0};
    struct msg_progress progress = {0};
    struct msg_change change = {0};
    struct msg_comment comment = {0};
    MSG_SET(&reason, reason, task, task);
    MSG_SET(&reason, reason, note, TEXT("lý do"));
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("lý do"));
    MSG_SET(&answer, answer, task, task);
    MSG_SET(&answer, answer, answer, ANSWERING_AGREED);
    MSG_SET(&answer, answer, note, TEXT("đồng ý"));
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&change, change, task, task);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("ý kiến"));
    const struct message *message = op_row(op)->request;
    const void *request = message == &message_reason     ? (const void *)&reason
                          : message == &message_suspend  ? (const void *)&suspend
                          : message == &message_answer   ? (const void *)&answer
                          : message == &message_progress ? (const void *)&progress
                          : message == &message_comment  ? (const void *)&comment
                                                         : (const void *)&change;
    return world_send(world, agency, op, request);
}

uint64_t world_ask(struct world *world, const char *agency, uint64_t task, int asking, const char *words)
{
    struct msg_ask ask = {0};
    MSG_SET(&ask, ask, task, task);
    MSG_SET(&ask, ask, asking, asking);
    MSG_SET(&ask, ask, note, TEXT("vướng mắc"));
    if (words && asking == ASKING_EXTENSION)
        MSG_SET(&ask, ask, due, text_of(words));
    if (words && (asking == ASKING_RETURN || asking == ASKING_TRANSFER))
        MSG_SET(&ask, ask, lead, text_of(words));
    if (words && asking == ASKING_SUSPENSION)
        MSG_SET(&ask, ask, until, text_of(words));
    return world_send(world, agency, OP_ASK, &ask) ? 0 : WORLD_REPLY(world, change_reply)->seq;
}

uint64_t world_consult(struct world *world, const char *agency, uint64_t task, const char *asked, const char *due)
{
    const struct text id = text_of(asked);
    struct msg_consult consult = {0};
    MSG_SET(&consult, consult, task, task);
    MSG_SET(&consult, consult, agencies, ((struct texts){&id, 1}));
    MSG_SET(&consult, consult, due, text_of(due));
    MSG_SET(&consult, consult, note, TEXT("phương án đền bù"));
    return world_send(world, agency, OP_CONSULT, &consult) ? 0 : WORLD_REPLY(world, change_reply)->seq;
}

int world_opine(struct world *world, const char *agency, uint64_t task, uint64_t question)
{
    struct msg_opine opine = {0};
    MSG_SET(&opine, opine, task, task);
    MSG_SET(&opine, opine, question, question);
    MSG_SET(&opine, opine, answer, ANSWERING_PARTLY);
    MSG_SET(&opine, opine, note, TEXT("đề nghị bổ sung dự toán"));
    return world_send(world, agency, OP_OPINE, &opine);
}

int world_recall(struct world *world, const char *agency, uint64_t task, uint64_t question, const char *asked)
{
    const struct text id = asked ? text_of(asked) : (struct text){0};
    struct msg_recall recall = {0};
    MSG_SET(&recall, recall, task, task);
    MSG_SET(&recall, recall, question, question);
    if (asked)
        MSG_SET(&recall, recall, agencies, ((struct texts){&id, 1}));
    return world_send(world, agency, OP_RECALL, &recall);
}

int world_decide(struct world *world, const char *agency, enum op op, uint64_t task, uint64_t ask)
{
    struct msg_grant grant = {0};
    struct msg_deny deny = {0};
    struct msg_take_back take_back = {0};
    MSG_SET(&grant, grant, task, task);
    MSG_SET(&grant, grant, ask, ask);
    MSG_SET(&deny, deny, task, task);
    MSG_SET(&deny, deny, ask, ask);
    MSG_SET(&deny, deny, note, TEXT("không có lý do chính đáng"));
    MSG_SET(&take_back, take_back, task, task);
    MSG_SET(&take_back, take_back, ask, ask);
    return world_send(world, agency, op,
                      op == OP_GRANT  ? (const void *)&grant
                      : op == OP_DENY ? (const void *)&deny
                                      : (const void *)&take_back);
}
