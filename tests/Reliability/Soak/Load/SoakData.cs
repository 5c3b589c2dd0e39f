namespace Actors.Reliability.Soak.Load;

/// <summary>The bytes that everybody writes: slices of one array, told apart by where they begin.</summary>
internal static class SoakData
{
    private const int Size = 1 << 17;
    private const int LengthMax = 1 << 16;

    private static readonly byte[] Bytes = Create();

    /// <summary>The data of a command.</summary>
    public static ReadOnlyMemory<byte> Of(int client, long token, int length) =>
        Bytes.AsMemory((int)(((client * 7919) + (token * 131)) % (Size - LengthMax)), length);

    private static byte[] Create()
    {
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
