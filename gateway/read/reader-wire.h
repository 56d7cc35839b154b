#ifndef GATEWAY_READ_READER_WIRE_H
#define GATEWAY_READ_READER_WIRE_H

/* What client.c and reader.c say to each other. */
enum reader_frame {
	/* to the reader */
	READER_SETUP,   /* strs authservs, campus, sealers; text rules_name; bytes rules, links; u32 memory_mb, seconds */
	READER_MAIL,    /* u64 ticket, u64 size of the whole mail, bytes as many of it as are read */
	/* from the reader */
	READER_READY,   /* the cage is closed */
	READER_TROUBLE, /* text: why it cannot be */
	READER_ANSWER   /* u64 ticket, then a packed reading (wire.c) */
};

#endif
