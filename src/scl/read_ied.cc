// Communication (6, 9.4) and IED (6, 9.3) down to logical nodes.
#include "scl/element_reader.h"

namespace mmsa::scl {
namespace {

using pugi::xml_node;

void read_address(ElementReader& reader, xml_node address, std::vector<AddressPart>& parts) {
  for (const xml_node child : address.children()) {
    if (reader.name(child) != "P") continue;
    AddressPart* const part = reader.add(parts, child);
    if (part == nullptr) return;
    part->type = attribute(child, "type");
    part->value = child.child_value();
  }
}

void read_publisher(ElementReader& reader, xml_node element, ConnectedAp& access_point) {
  PublisherAddress* const publisher = reader.add(access_point.publishers, element);
  if (publisher == nullptr) return;
  publisher->ld_inst = attribute(element, "ldInst");
  publisher->cb_name = attribute(element, "cbName");
  for (const xml_node child : element.children()) {
    if (reader.name(child) == "Address") read_address(reader, child, publisher->parts);
  }
}

void read_connected(ElementReader& reader, xml_node element, SubNetwork& network) {
  ConnectedAp* const access_point = reader.add(network.access_points, element);
  if (access_point == nullptr) return;
  access_point->ied_name = attribute(element, "iedName");
  access_point->ap_name = attribute(element, "apName");
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "Address") read_address(reader, child, access_point->parts);
    if (name == "GSE" || name == "SMV") read_publisher(reader, child, *access_point);
  }
}

void read_services(ElementReader& reader, xml_node element, Ied& ied) {
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name.empty()) continue;
    Service* const service = reader.add(ied.services, child);
    if (service == nullptr) return;
    service->name = name;
    for (const pugi::xml_attribute limit : child.attributes()) {
      service->limits.push_back({limit.name(), limit.value()});
    }
  }
}

void read_device(ElementReader& reader, xml_node element, const Ied& ied,
                 std::vector<LogicalDevice>& devices) {
  LogicalDevice* const device = reader.add(devices, element);
  if (device == nullptr) return;
  device->inst = attribute(element, "inst");
  device->ld_name = attribute(element, "ldName");
  device->domain =
      device->ld_name.empty() ? reader.compose(ied.name, device->inst) : device->ld_name;
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "LN" || name == "LN0") read_logical_node(reader, child, device->nodes);
  }
}

void read_access_point(ElementReader& reader, xml_node element, Ied& ied) {
  AccessPoint* const access_point = reader.add(ied.access_points, element);
  if (access_point == nullptr) return;
  access_point->name = attribute(element, "name");
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "LN") read_logical_node(reader, child, access_point->client_nodes);
    if (name == "ServerAt") access_point->server_at = attribute(child, "apName");
    if (name == "Services") read_services(reader, child, ied);
    if (name != "Server") continue;
    access_point->server = true;
    for (const xml_node device : child.children()) {
      if (reader.name(device) == "LDevice") {
        read_device(reader, device, ied, access_point->devices);
      }
    }
  }
}

}  // namespace

void read_communication(ElementReader& reader, xml_node element, Document& document) {
  for (const xml_node child : element.children()) {
    if (reader.name(child) != "SubNetwork") continue;
    SubNetwork* const network = reader.add(document.subnetworks, child);
    if (network == nullptr) return;
    network->name = attribute(child, "name");
    network->type = attribute(child, "type");
    for (const xml_node below : child.children()) {
      if (reader.name(below) == "ConnectedAP") read_connected(reader, below, *network);
    }
  }
}

void read_ied(ElementReader& reader, xml_node element, Document& document) {
  Ied* const ied = reader.add(document.ieds, element);
  if (ied == nullptr) return;
  ied->name = attribute(element, "name");
  ied->type = attribute(element, "type");
  ied->manufacturer = attribute(element, "manufacturer");
  ied->config_version = attribute(element, "configVersion");
  ied->desc = attribute(element, "desc");
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "Services") read_services(reader, child, *ied);
    if (name == "AccessPoint") read_access_point(reader, child, *ied);
  }
}

}  // namespace mmsa::scl
