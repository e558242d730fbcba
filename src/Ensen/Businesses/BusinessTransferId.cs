using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>A transfer of a company's, from when it is made, to one payee or to those of a file. Outside: <c>btr_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<BusinessTransferId>))]
public readonly record struct BusinessTransferId(Guid Value) : ITypedId<BusinessTransferId>
{
    public static string Prefix => "btr";

    public static BusinessTransferId Of(Guid value) => new(value);

    public static implicit operator Guid(BusinessTransferId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
