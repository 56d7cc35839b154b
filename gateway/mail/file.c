#include "gateway/mail/mail.h"
