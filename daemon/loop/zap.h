/* Who may connect: the handler of ZAP (RFC 27), answered in the loop from the key table of now.
 *
 * It is bound before any CURVE server socket, else libzmq lets everybody in until it is. The public key becomes the
 * connection's User-Id, which rides on each of its messages.
 */
#ifndef COORDD_LOOP_ZAP_H
#define COORDD_LOOP_ZAP_H

#include <uv.h>

#include "loop/admit.h"

struct zap;

/* As admit_judge. */
typedef enum admission zap_judge(void *context, struct text public_key, struct text address, const char **why);

/* NULL when the socket cannot be made or bound. */
struct zap *zap_new(void *zmq, uv_loop_t *loop, zap_judge *judge, void *context);
void zap_free(struct zap *zap); /* takes NULL */

#endif
