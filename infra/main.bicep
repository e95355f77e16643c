// All that one cluster of the platform needs in a subscription: azd calls this, see azure.yaml.
// Nothing here has a key: storage and Redis know the platform's managed identity, and so does the registry the nodes'.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the azd environment; part of every resource\'s name.')
param environmentName string

@minLength(1)
@description('Where everything lies.')
param location string

@description('small: one zone\'s worth of machines, for trials and tenants of up to some ten million passages. large: zones, replicas, accelerators.')
@allowed(['small', 'large'])
param preset string = 'small'

@description('Object id of who deploys; may use the cluster and read its secrets.')
param principalId string

@description('Kind of that identity.')
@allowed(['User', 'ServicePrincipal'])
param principalType string = 'User'

@description('The Kubernetes version; empty for the region\'s default.')
param kubernetesVersion string = ''

@description('Machines of the index pool; empty for the preset\'s. They need a local disk: mapped segments lie on it.')
param indexVmSize string = ''

@description('Machines of the encoder pool, with a GPU; empty for the preset\'s.')
param encoderVmSize string = ''

@minValue(0)
@maxValue(100)
@description('The most encoder machines. The pool starts from none, so an idle one costs nothing; 0 leaves it out (encoding runs on processors).')
param maxEncoderNodes int = preset == 'large' ? 8 : 0

@description('Networks that may reach the public address of the cluster\'s API, as CIDR; empty for all.')
param authorizedIpRanges array = []

var presets = {
  small: {
    zones: []
    systemVmSize: 'Standard_D2ds_v5'
    systemNodes: 1
    indexVmSize: 'Standard_D8ds_v5'
    indexNodes: 1
    maxIndexNodes: 6
    encoderVmSize: 'Standard_NC4as_T4_v3'
    storageSku: 'Standard_LRS'
    redisSku: 'Balanced_B0'
    redisReplicated: false
    logDays: 30
    versionDays: 7
  }
  large: {
    zones: ['1', '2', '3']
    systemVmSize: 'Standard_D4ds_v5'
    systemNodes: 3
    indexVmSize: 'Standard_E16ds_v5'
    indexNodes: 3
    maxIndexNodes: 48
    encoderVmSize: 'Standard_NC24ads_A100_v4'
    storageSku: 'Standard_ZRS'
    redisSku: 'Balanced_B1'
    redisReplicated: true
    logDays: 90
    versionDays: 14
  }
}
var chosen = presets[preset]
var suffix = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module network 'modules/network.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'vnet-${environmentName}'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    suffix: suffix
    retentionDays: chosen.logDays
  }
}

module cluster 'modules/cluster.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'aks-${environmentName}'
    kubernetesVersion: kubernetesVersion
    networkName: network.outputs.name
    nodesSubnetName: network.outputs.nodesSubnetName
    logAnalyticsId: monitoring.outputs.logAnalyticsId
    containersRuleId: monitoring.outputs.containersRuleId
    zones: chosen.zones
    systemVmSize: chosen.systemVmSize
    systemNodes: chosen.systemNodes
    indexVmSize: empty(indexVmSize) ? chosen.indexVmSize : indexVmSize
    indexNodes: chosen.indexNodes
    maxIndexNodes: chosen.maxIndexNodes
    encoderVmSize: empty(encoderVmSize) ? chosen.encoderVmSize : encoderVmSize
    maxEncoderNodes: maxEncoderNodes
    authorizedIpRanges: authorizedIpRanges
  }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'id-${environmentName}'
    issuerUrl: cluster.outputs.issuerUrl
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'st${suffix}'
    sku: chosen.storageSku
    versionDays: chosen.versionDays
    subnetId: network.outputs.endpointsSubnetId
    dnsZoneId: network.outputs.blobZoneId
    platformPrincipalId: identity.outputs.principalId
  }
}

module redis 'modules/redis.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'redis-${suffix}'
    sku: chosen.redisSku
    replicated: chosen.redisReplicated
    subnetId: network.outputs.endpointsSubnetId
    dnsZoneId: network.outputs.redisZoneId
    platformPrincipalId: identity.outputs.principalId
  }
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cr${suffix}'
    sku: preset == 'large' ? 'Premium' : 'Basic'
    kubeletPrincipalId: cluster.outputs.kubeletPrincipalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'kv-${suffix}'
    platformPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    logAnalyticsId: monitoring.outputs.logAnalyticsId
  }
}

module operators 'modules/operators.bicep' = {
  scope: group
  params: {
    clusterName: cluster.outputs.name
    principalId: principalId
    principalType: principalType
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_AKS_CLUSTER_NAME string = cluster.outputs.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.endpoint
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output APPLICATIONINSIGHTS_CONNECTION_STRING string = monitoring.outputs.insightsConnection
output PLATFORM_PRESET string = preset
output PLATFORM_STORAGE_URL string = storage.outputs.url
output PLATFORM_REDIS string = redis.outputs.endpoint
output PLATFORM_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output PLATFORM_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
