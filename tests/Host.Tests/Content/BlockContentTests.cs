using Actors.Host.Content;

namespace Actors.Host.Tests.Content;

public sealed class BlockContentTests
{
    [Fact]
    public void Blocks_differ_by_place_file_and_seed_and_repeat_for_the_same()
    {
        var blocks = new List<string>();
        foreach (var seed in new[] { 1L, 2 })
        {
            var content = new BlockContent(61, 3, seed);
            foreach (var (file, block) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
            {
                blocks.Add(Block(content, file, block));
                Assert.Equal(blocks[^1], Block(content, file, block));
            }
        }

        Assert.Equal(blocks.Count, blocks.Distinct().Count());
    }

    [Fact]
    public void Cursor_gives_the_blocks_in_order()
    {
        var content = new BlockContent(61, 3, 5);
        var buffer = new byte[140];
        var cursor = content.Read(2);
        Assert.Equal(122, cursor.Fill(buffer));
        Assert.Equal(Block(content, 2, 1), Convert.ToHexString(buffer.AsSpan(61, 61)));
        Assert.Equal(61, cursor.Fill(buffer));
        Assert.Equal(0, cursor.Fill(buffer));
    }

    [Fact]
    public void Random_order_visits_each_block_once_and_repeats_from_its_seed()
    {
        var order = BlockOrder.Random(100, 7, 3);
        var again = BlockOrder.Random(100, 7, 3);
        var visited = Enumerable.Range(0, 100).Select(i => order[i]).ToList();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), visited.Order());
        Assert.NotEqual(visited.Order(), visited);
        Assert.Equal(visited, Enumerable.Range(0, 100).Select(i => again[i]));
    }

    private static string Block(BlockContent content, int file, long block)
    {
        var bytes = new byte[content.BlockSize];
        content.Fill(file, block, bytes);
        return Convert.ToHexString(bytes);
    }
}
