#include "mmsanalyze/decode_error.h"

namespace mmsa {

std::string_view layer_name(Layer layer) {
  switch (layer) {
    case Layer::tpkt:
      return "tpkt";
    case Layer::cotp:
      return "cotp";
    case Layer::session:
      return "session";
    case Layer::presentation:
      return "presentation";
    case Layer::acse:
      return "acse";
    case Layer::mms:
      return "mms";
  }
  return "unknown";
}

std::string_view errc_text(Errc problem) {
  switch (problem) {
    case Errc::truncated:
      return "ends behind its container";
    case Errc::unexpected_tag:
      return "another element stands in its place";
    case Errc::missing_field:
      return "is missing";
    case Errc::bad_length:
      return "has a length its type does not allow";
    case Errc::bad_value:
      return "has a value its type does not allow";
    case Errc::unterminated:
      return "has no end-of-contents octets";
    case Errc::too_deep:
      return "is nested too deep";
    case Errc::too_many:
      return "has too many elements";
  }
  return "is wrong";
}

}  // namespace mmsa
