// AKS: a pool for the system, one for gateways and index silos, one with accelerators that starts from no machine.
param location string
param tags object
param name string
param kubernetesVersion string
param networkName string
param nodesSubnetName string
param logAnalyticsId string
param containersRuleId string
param zones array
param systemVmSize string
param systemNodes int
param indexVmSize string
param indexNodes int
param maxIndexNodes int
param encoderVmSize string
param maxEncoderNodes int
param authorizedIpRanges array

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' existing = {
  name: networkName

  resource nodes 'subnets' existing = { name: nodesSubnetName }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2025-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Base'
    tier: empty(zones) ? 'Free' : 'Standard'
  }
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: name
    kubernetesVersion: empty(kubernetesVersion) ? null : kubernetesVersion
    enableRBAC: true
    disableLocalAccounts: true
    aadProfile: {
      managed: true
      enableAzureRBAC: true
    }
    oidcIssuerProfile: { enabled: true }
    securityProfile: { workloadIdentity: { enabled: true } }
    autoUpgradeProfile: {
      upgradeChannel: 'patch'
      nodeOSUpgradeChannel: 'NodeImage'
    }
    apiServerAccessProfile: empty(authorizedIpRanges) ? null : { authorizedIPRanges: authorizedIpRanges }
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkDataplane: 'cilium'
      networkPolicy: 'cilium'
      podCidr: '192.168.0.0/16'
      serviceCidr: '10.0.0.0/16'
      dnsServiceIP: '10.0.0.10'
      loadBalancerSku: 'standard'
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        vmSize: systemVmSize
        count: systemNodes
        enableAutoScaling: true
        minCount: systemNodes
        maxCount: systemNodes + 2
        availabilityZones: zones
        vnetSubnetID: network::nodes.id
        osDiskType: 'Ephemeral'
        osSKU: 'AzureLinux'
        nodeTaints: ['CriticalAddonsOnly=true:NoSchedule']
      }
    ]
    autoScalerProfile: {
      'scale-down-unneeded-time': '10m'
      'skip-nodes-with-local-storage': 'false'
    }
    workloadAutoScalerProfile: { keda: { enabled: true } }
    addonProfiles: {
      azureKeyvaultSecretsProvider: {
        enabled: true
        config: { enableSecretRotation: 'true' }
      }
      omsagent: {
        enabled: true
        config: {
          logAnalyticsWorkspaceResourceID: logAnalyticsId
          useAADAuth: 'true'
        }
      }
    }
  }
}

resource indexPool 'Microsoft.ContainerService/managedClusters/agentPools@2025-01-01' = {
  parent: cluster
  name: 'index'
  properties: {
    mode: 'User'
    vmSize: indexVmSize
    count: indexNodes
    enableAutoScaling: true
    minCount: indexNodes
    maxCount: maxIndexNodes
    availabilityZones: zones
    vnetSubnetID: network::nodes.id
    osDiskType: 'Ephemeral'
    osSKU: 'AzureLinux'
    nodeLabels: { 'platform/pool': 'index' }
    upgradeSettings: { maxSurge: '1' }
  }
}

resource encoderPool 'Microsoft.ContainerService/managedClusters/agentPools@2025-01-01' = if (maxEncoderNodes > 0) {
  parent: cluster
  name: 'encoder'
  properties: {
    mode: 'User'
    vmSize: encoderVmSize
    count: 0
    enableAutoScaling: true
    minCount: 0
    maxCount: maxEncoderNodes
    vnetSubnetID: network::nodes.id
    osSKU: 'AzureLinux'
    nodeLabels: { 'platform/pool': 'encoder' }
    nodeTaints: ['platform/accelerator=present:NoSchedule']
  }
}

// Load balancers put their addresses into the nodes' subnet.
resource clusterMayJoin 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: network::nodes
  name: guid(network::nodes.id, cluster.id, networkContributor)
  properties: {
    principalId: cluster.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource containerLogs 'Microsoft.Insights/dataCollectionRuleAssociations@2023-03-11' = {
  scope: cluster
  name: 'containers'
  properties: { dataCollectionRuleId: containersRuleId }
}

output name string = cluster.name
output issuerUrl string = cluster.properties.oidcIssuerProfile.issuerURL
output kubeletPrincipalId string = cluster.properties.identityProfile.kubeletidentity.objectId
