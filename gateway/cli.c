#include "gateway/cli.h"
