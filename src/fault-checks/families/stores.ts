import { Rule } from '../rule';
import { auroraWithOneInstance } from '../rules/aurora-with-one-instance';
import { cacheNodesInOneZone } from '../rules/cache-nodes-in-one-zone';
import { cacheWithoutFailover } from '../rules/cache-without-failover';
import { clusterWithoutStandbys } from '../rules/cluster-without-standbys';
import { collectionWithoutStandby } from '../rules/collection-without-standby';
import { databaseInOneZone } from '../rules/database-in-one-zone';
import { documentClusterWithOneInstance } from '../rules/document-cluster-with-one-instance';
import { fileServerInOneZone } from '../rules/file-server-in-one-zone';
import { fileSystemInOneZone } from '../rules/file-system-in-one-zone';
import { kafkaWithoutCopies } from '../rules/kafka-without-copies';
import { memoryStoreWithoutReplica } from '../rules/memory-store-without-replica';
import { proxyInOneZone } from '../rules/proxy-in-one-zone';
import { replicaAsStandby } from '../rules/replica-as-standby';
import { replicationInOneZone } from '../rules/replication-in-one-zone';
import { searchDomainWithoutQuorum } from '../rules/search-domain-without-quorum';
import { singleBroker } from '../rules/single-broker';
import { singleCacheNode } from '../rules/single-cache-node';
import { subnetGroupInOneZone } from '../rules/subnet-group-in-one-zone';
import { tableCacheOfOneNode } from '../rules/table-cache-of-one-node';
import { tableWithFixedCapacity } from '../rules/table-with-fixed-capacity';
import { timeSeriesInOneZone } from '../rules/time-series-in-one-zone';
import { warehouseInOneZone } from '../rules/warehouse-in-one-zone';

/** Nothing takes over from what keeps data. */
export const STORES: readonly Rule[] = [
  databaseInOneZone,
  auroraWithOneInstance,
  clusterWithoutStandbys,
  subnetGroupInOneZone,
  replicaAsStandby,
  proxyInOneZone,
  documentClusterWithOneInstance,
  cacheWithoutFailover,
  cacheNodesInOneZone,
  singleCacheNode,
  memoryStoreWithoutReplica,
  tableCacheOfOneNode,
  tableWithFixedCapacity,
  fileSystemInOneZone,
  fileServerInOneZone,
  searchDomainWithoutQuorum,
  collectionWithoutStandby,
  singleBroker,
  kafkaWithoutCopies,
  warehouseInOneZone,
  timeSeriesInOneZone,
  replicationInOneZone,
];
