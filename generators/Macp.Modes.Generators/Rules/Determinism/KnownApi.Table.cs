namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>The APIs of other assemblies that are known to be deterministic.</summary>
static partial class KnownApi
{
    /// <summary>Namespaces in which every type is known.</summary>
    const string Namespaces = """
        System.Collections.Frozen
        System.Collections.Generic
        System.Collections.Immutable
        System.Collections.ObjectModel
        System.Buffers.Binary
        System.Buffers.Text
        System.Text.Json
        System.Text.Json.Nodes
        System.Text.Json.Serialization
        System.Text.Json.Serialization.Metadata
        System.Text.Unicode
        Google.Protobuf
        Google.Protobuf.Collections
        Google.Protobuf.Reflection
        Google.Protobuf.WellKnownTypes
        Macp.Modes
        Macp.Protocol
        Macp.Wire
        Macp.Wire.V1
        """;

    /// <summary>
    /// Types: a star is every member, a minus takes one away (with parentheses: that overload), names without a star are the only ones known.
    /// Nested types go with their outermost type. Members that depend on culture are known here and judged by <see cref="CultureRules"/>.
    /// </summary>
    const string Types = """
        System.Object                 * -GetType
        System.ValueType              *
        System.Enum                   *
        System.Boolean                *
        System.Char                   *
        System.SByte                  *
        System.Byte                   *
        System.Int16                  *
        System.UInt16                 *
        System.Int32                  *
        System.UInt32                 *
        System.Int64                  *
        System.UInt64                 *
        System.Int128                 *
        System.UInt128                *
        System.IntPtr                 *
        System.UIntPtr                *
        System.Decimal                *
        System.Single                 * {transcendental}
        System.Double                 * {transcendental}
        System.Half                   * {transcendental}
        System.Math                   {arithmetic}
        System.MathF                  {arithmetic}
        System.Numerics.BigInteger    * -Log -Log10
        System.Numerics.BitOperations *
        System.Numerics.INumber       *
        System.Numerics.INumberBase   *
        System.Numerics.IBinaryInteger *
        System.Numerics.IAdditionOperators *
        System.Numerics.ISubtractionOperators *
        System.Numerics.IMultiplyOperators *
        System.Numerics.IDivisionOperators *
        System.Numerics.IComparisonOperators *
        System.Numerics.IEqualityOperators *

        System.String                 * -Normalize -IsNormalized -ReplaceLineEndings()
        System.StringComparer         Ordinal OrdinalIgnoreCase FromComparison Compare Equals GetHashCode
        System.FormattableString      Invariant
        System.Text.StringBuilder     * -AppendLine
        System.Text.Rune              *
        System.Text.Ascii             *
        System.Text.Encoding          * -Default -GetEncoding -GetEncodings -RegisterProvider -CreateTranscodingStream
        System.Text.UTF8Encoding      *
        System.Text.ASCIIEncoding     *
        System.Text.UnicodeEncoding   *
        System.Globalization.CultureInfo        InvariantCulture
        System.Globalization.NumberFormatInfo   InvariantInfo
        System.Globalization.DateTimeFormatInfo InvariantInfo
        System.Convert                * -IsDBNull -GetTypeCode
        System.BitConverter           DoubleToInt64Bits Int64BitsToDouble DoubleToUInt64Bits UInt64BitsToDouble SingleToInt32Bits Int32BitsToSingle

        System.TimeSpan               *
        System.DateOnly               *
        System.TimeOnly               *
        System.DateTime               * -Now -UtcNow -Today -ToLocalTime -ToUniversalTime -IsDaylightSavingTime -ToBinary -FromBinary -ToFileTime -FromFileTime
        System.DateTimeOffset         * -Now -UtcNow -LocalDateTime -ToLocalTime -FromFileTime -op_Implicit -.ctor(DateTime)
        System.Guid                   * -NewGuid -CreateVersion7
        System.Version                *

        System.Array                  *
        System.ArraySegment           *
        System.Span                   *
        System.ReadOnlySpan           *
        System.Memory                 *
        System.ReadOnlyMemory         *
        System.MemoryExtensions       *
        System.Index                  *
        System.Range                  *
        System.Nullable               *
        System.Tuple                  *
        System.ValueTuple             *
        System.Type                   op_Equality op_Inequality
        System.Delegate               op_Equality op_Inequality Equals
        System.MulticastDelegate      op_Equality op_Inequality Equals
        System.IComparable            *
        System.IEquatable             *
        System.IFormattable           *
        System.ISpanFormattable       *
        System.IParsable              *
        System.ISpanParsable          *
        System.ICloneable             *
        System.IDisposable            *

        System.Linq.Enumerable        * -Shuffle
        System.Linq.IGrouping         *
        System.Linq.ILookup           *
        System.Linq.Lookup            *
        System.Linq.IOrderedEnumerable *
        System.Linq.ImmutableArrayExtensions *
        System.Collections.IEnumerable *
        System.Collections.IEnumerator *
        System.Collections.ICollection *
        System.Collections.IList      *
        System.Collections.IDictionary *
        System.Collections.BitArray   *
        System.Buffers.SearchValues   *
        System.Security.Cryptography.SHA256     HashData TryHashData HashSizeInBytes HashSizeInBits
        System.Security.Cryptography.SHA384     HashData TryHashData HashSizeInBytes HashSizeInBits
        System.Security.Cryptography.SHA512     HashData TryHashData HashSizeInBytes HashSizeInBits
        System.Security.Cryptography.HMACSHA256 HashData TryHashData
        System.Security.Cryptography.CryptographicOperations FixedTimeEquals

        Macp.Protocol.SessionIds      * -New
        """;

    /// <summary>What IEEE 754 fixes to the last bit.</summary>
    const string Arithmetic =
        "Abs BigMul BitDecrement BitIncrement Ceiling Clamp CopySign DivRem Floor FusedMultiplyAdd IEEERemainder ILogB Max MaxMagnitude Min MinMagnitude "
        + "Round ScaleB Sign Sqrt Truncate";

    /// <summary>What each platform's mathematical library approximates in its own way: a replay on another machine may differ in the last digit.</summary>
    const string Transcendental =
        "-Acos -AcosPi -Acosh -Asin -AsinPi -Asinh -Atan -Atan2 -Atan2Pi -AtanPi -Atanh -Cbrt -Cos -CosPi -Cosh -Exp -Exp10 -Exp10M1 -Exp2 -Exp2M1 -ExpM1 "
        + "-Hypot -Log -Log10 -Log10P1 -Log2 -Log2P1 -LogP1 -MultiplyAddEstimate -Pow -ReciprocalEstimate -ReciprocalSqrtEstimate -RootN -Sin -SinCos "
        + "-SinCosPi -SinPi -Sinh -Tan -TanPi -Tanh";
}
