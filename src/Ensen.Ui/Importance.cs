namespace Ensen.Ui;

/// <summary>What must go on when not everything can.</summary>
public enum RequestPriority
{
    /// <summary>Lists, histories, pictures of the past: they come again tomorrow.</summary>
    CanWait = 1,

    /// <summary>What is not said otherwise.</summary>
    Usual = 2,

    /// <summary>
    /// Paying, and learning what became of it. New payments are turned away by the ledger itself, which knows the repeats.
    /// </summary>
    Essential = 3,
}

/// <summary>Says of a page or an endpoint how important it is when the node is busy.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PriorityAttribute(RequestPriority importance) : Attribute
{
    public RequestPriority RequestPriority => importance;
}

/// <summary>The same for endpoints, where they are mapped.</summary>
public static class Mattering
{
    public static TBuilder WithPriority<TBuilder>(this TBuilder endpoint, RequestPriority importance)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PriorityAttribute(importance));
}
