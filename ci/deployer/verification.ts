import type { Snapshot, Task } from "./docker/model.ts"
import type { FetchedImage } from "./image.ts"

/** Compares what runs with the images that were to be deployed; says what differs. */
export function wrongImages(now: Snapshot, images: readonly FetchedImage[]): string[] {
  const unused = images.filter(image => !now.services.some(service => service.image === image.reference))
  return [
    ...unused.map(({ reference }) => `no service runs ${reference}`),
    ...images.flatMap(image => wrongTasks(now, image)),
  ]
}

function wrongTasks(now: Snapshot, image: FetchedImage): string[] {
  const services = now.services.filter(service => service.image === image.reference)
  return services.flatMap(service => {
    const tasks = now.tasks.filter(task => task.serviceId === service.id && task.desired === "running")
    return tasks.flatMap(task => fault(task, now, image).map(words => `${service.name} ${words}`))
  })
}

function fault(task: Task, now: Snapshot, image: FetchedImage): string[] {
  if (task.image !== image.reference) return [`has a task with ${task.image}`]
  const container = now.containers.find(candidate => candidate.id === task.containerId)
  const differs = container !== undefined && container.imageId !== image.id
  return differs ? [`runs image ${container.imageId} instead of ${image.id}`] : []
}
