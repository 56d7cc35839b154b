#ifndef GATEWAY_ROLE_H
#define GATEWAY_ROLE_H

/* What a process started by worker_start does: "reader", "gate", "postman", "keeper", "fetcher". Answers its exit code. */
int role_main(const char *role, const char *dir);

#endif
