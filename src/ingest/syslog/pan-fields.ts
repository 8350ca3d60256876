/**
 * The fields of PAN-OS logs in the order of the default syslog format; `-` is a field that Palo Alto keeps for the future.
 * @see PAN-OS 11.1 Administrator's Guide: Syslog Field Descriptions
 */
const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

const start = words("- receive_time serial type subtype - time_generated");
const session =
  words(`src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if log_action - sessionid repeatcnt sport dport
  natsport natdport flags proto action`);
const groups = words("dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name");
const tunnel = words("tunnel_id monitor_tag parent_session_id parent_start_time tunnel_type");
const devices =
  words(`src_category src_profile src_model src_vendor src_osfamily src_osversion src_host src_mac dst_category dst_profile dst_model
  dst_vendor dst_osfamily dst_osversion dst_host dst_mac container_id pod_namespace pod_name src_edl dst_edl hostid serialnumber`);
const application = words("subcategory_of_app category_of_app technology_of_app risk_of_app characteristic_of_app container_of_app");

const traffic = [
  ...start,
  ...session,
  ...words("bytes bytes_sent bytes_received packets start elapsed category - seqno actionflags srcloc dstloc - pkts_sent pkts_received"),
  "session_end_reason",
  ...groups,
  ...words("action_source src_uuid dst_uuid"),
  ...tunnel,
  ...words(
    "assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection link_change_count policy_id link_switches sdwan_cluster",
  ),
  ...words("sdwan_device_type sdwan_cluster_type sdwan_site dynusergroup_name xff_ip"),
  ...devices,
  ...words("src_dag dst_dag session_owner high_res_timestamp nssai_sst nssai_sd"),
  ...application,
  ...words("tunneled_app is_saas_of_app sanctioned_state_of_app offloaded flow_type cluster_name"),
];

const beforeUrlIndex = words(
  "url threatid category severity direction seqno actionflags srcloc dstloc - contenttype pcap_id filedigest cloud",
);
const agent = words("user_agent filetype xff referer sender subject recipient reportid");

const threat = [
  ...start,
  ...session,
  ...beforeUrlIndex,
  "url_idx",
  ...agent,
  ...groups,
  ...words("- src_uuid dst_uuid http_method"),
  ...tunnel,
  ...words("thr_category contentver - assoc_id ppid http_headers url_category_list rule_uuid http2_connection dynusergroup_name xff_ip"),
  ...devices,
  ...words("domain_edl src_dag dst_dag partial_hash high_res_timestamp reason justification nssai_sst"),
  ...application,
  ...words("tunneled_app is_saas_of_app sanctioned_state_of_app cloud_reportid cluster_name flow_type"),
];
/** PAN-OS 6.1 had no `url_idx`. */
const threat61 = [...start, ...session, ...beforeUrlIndex, ...agent];

const configStart = [...start, ...words("host vsys cmd admin client result path")];
const configEnd = [...words("seqno actionflags"), ...groups, ...words("dg_id comment - high_res_timestamp")];
const config = [...configStart, ...configEnd];
const configWithDetails = [...configStart, "before_change_detail", "after_change_detail", ...configEnd];
const config61 = [...configStart, ...words("seqno actionflags before_change_detail after_change_detail")];

const hipMatch = [
  ...start,
  ...words("srcuser vsys machinename os src matchname repeatcnt matchtype - - seqno actionflags"),
  ...groups,
  ...words("vsys_id srcipv6 hostid serialnumber mac high_res_timestamp cluster_name"),
];
const tunnelInspection = [
  ...start,
  ...session,
  ...words("severity seqno actionflags srcloc dstloc"),
  ...groups,
  ...tunnel,
  ...words("bytes bytes_sent bytes_received packets pkts_sent pkts_received max_encap unknown_proto strict_check tunnel_fragment"),
  ...words(
    "sessions_created sessions_closed session_end_reason action_source start elapsed tunnel_insp_rule remote_user_ip remote_user_id",
  ),
  ...words("rule_uuid pcap_id dynusergroup_name src_edl dst_edl high_res_timestamp"),
];

const byType: Readonly<Record<string, readonly string[]>> = {
  TRAFFIC: traffic,
  THREAT: threat,
  CONFIG: config,
  SYSTEM: [
    ...start,
    ...words("vsys eventid object - - module severity opaque seqno actionflags"),
    ...groups,
    ...words("- - high_res_timestamp"),
  ],
  "HIP-MATCH": hipMatch,
  HIPMATCH: hipMatch,
  GLOBALPROTECT: [
    ...start,
    ...words(
      "vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid",
    ),
    ...words("serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status location login_duration connect_method"),
    ...words("error_code portal seqno actionflags high_res_timestamp selection_type response_time priority attempted_gateways gateway"),
    ...groups,
    ...words("vsys_id cluster_name"),
  ],
  USERID: [
    ...start,
    ...words("vsys ip user datasourcename eventid repeatcnt timeout beginport endport datasource datasourcetype seqno actionflags"),
    ...groups,
    ...words("vsys_id factortype factorcompletiontime factorno ugflags userbysource tag_name high_res_timestamp"),
  ],
  IPTAG: [
    ...start,
    ...words("vsys ip tag_name eventid repeatcnt timeout datasourcename datasourcetype datasource_subtype seqno actionflags"),
    ...groups,
    ...words("vsys_id high_res_timestamp"),
  ],
  AUTHENTICATION: [
    ...start,
    ...words(
      "vsys ip user normalize_user object authpolicy repeatcnt authid vendor log_action serverprofile opaque clienttype eventid factorno",
    ),
    ...words("seqno actionflags"),
    ...groups,
    ...words("vsys_id authproto rule_uuid high_res_timestamp"),
  ],
  CORRELATION: [...start, ...words("src srcuser vsys category severity"), ...groups, ...words("vsys_id object object_id evidence")],
  DECRYPTION: [...start, ...session, ...words("tunnel_type - - src_uuid dst_uuid rule_uuid")],
  START: tunnelInspection,
  END: tunnelInspection,
  GTP: [...start, ...session, "eventid"],
  SCTP: [...start, ...words("src dst - - rule - - - vsys from to inbound_if outbound_if log_action - sessionid repeatcnt sport dport")],
};

/** The names of a log's fields; undefined where PAN-OS has no such type. */
export function panFields(type: string, cells: readonly string[]): readonly string[] | undefined {
  if (type === "THREAT" && cells.length <= threat61.length) return threat61;
  if (type === "CONFIG") {
    const hasNumber = /^\s*\d+$/.test(cells[14] ?? "") && /^\s*0x/.test(cells[15] ?? "");
    if (!hasNumber) return configWithDetails;
    return cells.length <= config61.length ? config61 : config;
  }
  return Object.hasOwn(byType, type) ? byType[type] : undefined;
}
