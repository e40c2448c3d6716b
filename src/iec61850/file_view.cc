#include "iec61850/file_view.h"

namespace mmsa::iec61850 {
namespace {

void read_request(const MmsPdu& pdu, FileView& view) {
  const asn1::NodeRef body = pdu.body;
  switch (pdu.service) {
    case Service::kObtainFile:
      view.name = body.child("sourceFile");
      view.second_name = body.child("destinationFile");
      break;
    case Service::kFileOpen:
      view.name = body.child("fileName");
      if (const auto node = body.child("initialPosition")) view.position = node.unsigned_integer();
      break;
    case Service::kFileRead:
    case Service::kFileClose:
      if (body) view.frsm_id = body.integer();
      break;
    case Service::kFileRename:
      view.name = body.child("currentFileName");
      view.second_name = body.child("newFileName");
      break;
    case Service::kFileDelete:
      view.name = body;
      break;
    case Service::kFileDirectory:
      view.name = body.child("fileSpecification");
      view.second_name = body.child("continueAfter");
      break;
    default:
      break;
  }
}

void read_response(const MmsPdu& pdu, FileView& view) {
  const asn1::NodeRef more = pdu.body.child("moreFollows");
  switch (pdu.service) {
    case Service::kFileOpen: {
      if (const auto node = pdu.body.child("frsmID")) view.frsm_id = node.integer();
      const asn1::NodeRef attributes = pdu.body.child("fileAttributes");
      if (const auto node = attributes.child("sizeOfFile")) view.size = node.unsigned_integer();
      view.last_modified = attributes.child("lastModified").text();
      break;
    }
    case Service::kFileRead:
      view.data = pdu.body.child("fileData").bytes();
      view.data_octets = view.data.size();
      view.more_follows = more.boolean(true);
      break;
    case Service::kFileDirectory:
      view.more_follows = more.boolean(false);
      break;
    default:
      break;
  }
}

}  // namespace

bool read_file(const MmsMessage& message, FileView& view) {
  view = {};
  view.service = message.service();
  if (!Service::is_file(view.service)) return false;
  if (message.pdu.kind == PduKind::confirmed_request) {
    read_request(message.pdu, view);
    return true;
  }
  view.answer = true;
  if (message.request_view != nullptr) read_request(message.request_view->pdu(), view);
  if (message.pdu.kind == PduKind::confirmed_response) read_response(message.pdu, view);
  return message.pdu.kind == PduKind::confirmed_response ||
         message.pdu.kind == PduKind::confirmed_error || message.pdu.kind == PduKind::reject;
}

void append_file_name(std::string& out, asn1::NodeRef file_name) {
  bool joined = false;
  for (asn1::NodeRef c = file_name.first_child(); c; c = c.next_sibling(file_name)) {
    const bool separated = !out.empty() && (out.back() == '/' || out.back() == '\\');
    if (joined && !separated) out.push_back('/');
    out += c.text();
    joined = true;
  }
}

}  // namespace mmsa::iec61850
