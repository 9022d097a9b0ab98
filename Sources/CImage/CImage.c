#include "CImage/CImage.h"
