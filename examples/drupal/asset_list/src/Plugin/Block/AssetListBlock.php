<?php

namespace Drupal\asset_list\Plugin\Block;

use Drupal\Component\Utility\Xss;
use Drupal\Core\Block\BlockBase;
use Drupal\Core\Form\FormStateInterface;

/**
 * A list of a community register.
 *
 * @Block(
 *   id = "asset_list",
 *   admin_label = @Translation("Asset list"),
 * )
 */
class AssetListBlock extends BlockBase {

  /**
   * The registers from which lists are taken.
   */
  const REGISTERS = ['https://register.example'];

  /**
   * How long a list is shown before it is asked for again, in seconds.
   */
  const FRESH = 900;

  /**
   * The elements of a list; Drupal takes all others away.
   */
  const ELEMENTS = ['section', 'header', 'footer', 'article', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'ol', 'ul', 'li', 'a', 'span', 'small', 'strong', 'em', 'dl', 'dt', 'dd', 'img', 'time'];

  /**
   * {@inheritdoc}
   */
  public function defaultConfiguration() {
    return ['url' => 'https://register.example/near/EH6%208RG?radius=2km'];
  }

  /**
   * {@inheritdoc}
   */
  public function blockForm($form, FormStateInterface $form_state) {
    $form['url'] = [
      '#type' => 'url',
      '#title' => $this->t('Address of the list'),
      '#default_value' => $this->configuration['url'],
      '#required' => TRUE,
    ];
    return $form;
  }

  /**
   * {@inheritdoc}
   */
  public function blockValidate($form, FormStateInterface $form_state) {
    if ($this->fragment($form_state->getValue('url')) === NULL) {
      $form_state->setErrorByName('url', $this->t('This is not a list of a register that is allowed.'));
    }
  }

  /**
   * {@inheritdoc}
   */
  public function blockSubmit($form, FormStateInterface $form_state) {
    $this->configuration['url'] = $form_state->getValue('url');
  }

  /**
   * {@inheritdoc}
   */
  public function build() {
    $url = $this->configuration['url'];
    $fragment = $this->fragment($url);
    if ($fragment === NULL) {
      return [];
    }
    $link = ['#type' => 'link', '#title' => $this->t('Groups and services near you'), '#url' => \Drupal\Core\Url::fromUri($url)];
    $cache = ['max-age' => self::FRESH];
    try {
      $reply = \Drupal::httpClient()->get($fragment, ['timeout' => 5]);
      return ['#markup' => Xss::filter((string) $reply->getBody(), self::ELEMENTS), '#cache' => $cache];
    }
    catch (\Exception $error) {
      \Drupal::logger('asset_list')->warning('@url: @error', ['@url' => $fragment, '@error' => $error->getMessage()]);
      return $link + ['#cache' => ['max-age' => 60]];
    }
  }

  /**
   * The address of a list as a piece of HTML; NULL when it is not allowed.
   */
  protected function fragment($url) {
    $parts = (parse_url((string) $url) ?: []) + ['scheme' => '', 'host' => '', 'path' => ''];
    $register = $parts['scheme'] . '://' . $parts['host'] . (isset($parts['port']) ? ':' . $parts['port'] : '');
    if ($parts['path'] === '' || !in_array($register, self::REGISTERS, TRUE)) {
      return NULL;
    }
    $query = isset($parts['query']) ? '?' . $parts['query'] : '';
    return $register . $parts['path'] . '.fragment.html' . $query;
  }

}
