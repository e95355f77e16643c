// Who deploys may also use the cluster; local accounts are off, so nobody else can.
param clusterName string
param principalId string
param principalType string

var clusterAdmin = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b')

resource cluster 'Microsoft.ContainerService/managedClusters@2025-01-01' existing = {
  name: clusterName
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: cluster
  name: guid(cluster.id, principalId, clusterAdmin)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: clusterAdmin
  }
}
