namespace Actors.Adversary.Model;

/// <summary>A file at which calls ended without the kernel, in an order that nobody knows: its bytes are those of lines,
/// or zeros where nothing was written.</summary>
internal sealed class LooseContent(string path)
{
    /// <returns>The first byte that cannot be right, or null.</returns>
    public string? Compare()
    {
        var actual = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (var at = 0; at < actual.Length; at++)
        {
            if (actual[at] != 0 && !Stamp.Alphabet.Contains(actual[at]))
            {
                return $"{path}: byte {at} of {actual.Length} is nobody's: {Stamp.Show(actual.AsSpan(at))}";
            }
        }

        return null;
    }
}
