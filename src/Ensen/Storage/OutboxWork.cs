using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>A kind of outside work, and who does it.</summary>
/// <param name="Name">The kind as the outbox's rows have it.</param>
/// <param name="Start">Called once a node; returns what one piece of work takes, and null where this installation does no such
/// work.</param>
public sealed record OutboxWork(string Name, Func<IServiceProvider, Func<OutboxItem, CancellationToken, Task<OutboxResult>>?> Start)
    : IDeclared;
