// What a server is called in fingerprints: its address may be another in the next capture.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "iec61850/server_model.h"

namespace mmsa::analysis {

class ServerIdentities {
 public:
  using Names = std::map<std::string, std::string, std::less<>>;

  // `names` are those of --name; they outlive this object, like the models.
  ServerIdentities(const iec61850::ServerModels& models, const Names& names);

  // Of the server ("10.0.0.2:102") that a finding about `object` is about: the name that the
  // operator gave it; the logical device of
  // the object, where it is one of the server's; else the first of its logical devices, which two
  // captures that show different parts of the server agree in most often; else the
  // logical device in the object's reference; else its address.
  std::string of(std::string_view server, std::string_view object) const;

 private:
  const Names& names_;
  // Of models that outlive this object.
  std::map<std::string, const std::set<std::string, std::less<>>*, std::less<>> devices_of_server_;
};

}  // namespace mmsa::analysis
