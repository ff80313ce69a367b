import type { Snapshot } from "./docker/model.ts"

/** Compares the running containers with the image that was to be deployed; says what differs. */
export function wrongImages(now: Snapshot, image: string, imageId: string): string[] {
  const services = now.services.filter(service => service.image === image)
  if (services.length === 0) return [`no service runs ${image}`]
  return services.flatMap(service => {
    const tasks = now.tasks.filter(task => task.serviceId === service.id && task.desired === "running")
    return tasks.flatMap(task => {
      if (task.image !== image) return [`${service.name} has a task with ${task.image}`]
      const container = now.containers.find(candidate => candidate.id === task.containerId)
      const differs = container !== undefined && container.imageId !== imageId
      return differs ? [`${service.name} runs image ${container.imageId} instead of ${imageId}`] : []
    })
  })
}
