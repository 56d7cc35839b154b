#include "gateway/read/cage.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "gateway/walls.h"

/* Computing, memory, and the channel. */
static const int cage_allowed[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(close),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(getrusage), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(sigaltstack),
	SCMP_SYS(sysinfo), SCMP_SYS(sched_yield), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Tried by the C library (a charset that was not loaded, standard output's buffer, a crash report): they just fail. */
static const int cage_failing[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(fstat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(ioctl), SCMP_SYS(lseek), SCMP_SYS(sched_getaffinity),
};

/* AddressSanitizer's own needs on top; only in builds for tests. */
static const int cage_sanitizer[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(dup), SCMP_SYS(uname)};

static int set_limits(int memory_mb, struct err *err)
{
	if (walls_limit(RLIMIT_CORE, 0) < 0 || walls_limit(RLIMIT_FSIZE, 0) < 0 || walls_limit(RLIMIT_NOFILE, 1) < 0) /* one, or poll() takes none */
		return err_set(err, "the reader's limits: %s", strerror(errno));
	if (memory_mb > 0 && !WALLS_SANITIZED && walls_limit(RLIMIT_AS, (rlim_t)memory_mb << 20) < 0)
		return err_set(err, "the reader's memory limit: %s", strerror(errno));
	return 0;
}

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t n)
{
	int result = 0;
	for (size_t i = 0; i < n && result == 0; i++)
		result = seccomp_rule_add(filter, action, calls[i], 0);
	return result;
}

#define ADD(filter, action, calls) add_all((filter), (action), (calls), sizeof(calls) / sizeof *(calls))

/* Memory, but none that can be run; signals to oneself (abort); the CPU limit. */
static int add_with_arguments(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code = {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}, myself = {0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0},
		cpu[] = {{0, SCMP_CMP_EQ, 0, 0}, {1, SCMP_CMP_EQ, RLIMIT_CPU, 0}};
	int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &myself);
	if (result == 0)
		result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, cpu);
	if (result == 0 && !WALLS_SANITIZED)
		result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code);
	if (result == 0 && !WALLS_SANITIZED)
		result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code);
	return result;
}

static int load_filter(struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int result = filter == NULL ? -ENOMEM : ADD(filter, SCMP_ACT_ALLOW, cage_allowed);
	if (result == 0)
		result = ADD(filter, SCMP_ACT_ERRNO(EACCES), cage_failing);
	if (result == 0 && WALLS_SANITIZED)
		result = ADD(filter, SCMP_ACT_ALLOW, cage_sanitizer);
	if (result == 0)
		result = add_with_arguments(filter);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	return result == 0 ? 0 : err_set(err, "the reader's system call filter: %s", strerror(-result));
}

int cage_close(int memory_mb, struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, "no new privileges: %s", strerror(errno));
	prctl(PR_SET_DUMPABLE, 0);
	return set_limits(memory_mb, err) < 0 ? -1 : load_filter(err);
}

void cage_give_seconds(int seconds)
{
	struct rusage used;
	struct rlimit now = {RLIM_INFINITY, RLIM_INFINITY};
	if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &now) != 0)
		return;
	now.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 2);
	if (now.rlim_cur <= now.rlim_max)
		setrlimit(RLIMIT_CPU, &now);
}
